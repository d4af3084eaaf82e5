"""Ending alerts: from the message, with one press, and on one's own page."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from case_studies.alerts.links import end_token
from case_studies.alerts.models import AlertedStudy, Subscriber, Subscription
from case_studies.alerts.preparing import prepare
from learning_hub.accounts.models import User
from tests.case_studies.alerts.conftest import Run, to
from tests.factories.accounts import make_person
from tests.factories.alerts import make_alert, make_new_study

pytestmark = pytest.mark.usefixtures("search_index")
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
ALICE = "alice@example.org"
MINE = "/my/alerts/"


@pytest.fixture
def alice(client: Client) -> User:
    user = make_person(ALICE)
    client.force_login(user, backend=MODEL_BACKEND)
    return user


def address(alert: Subscription) -> str:
    return f"/alerts/end/{end_token(alert)}/"


def words(response: object, status: int = 200) -> str:
    assert response.status_code == status
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.main.get_text(" ").split())


def test_a_mail_program_ends_an_alert_with_one_press() -> None:
    alert = make_alert()
    program = Client(enforce_csrf_checks=True)  # no cookie, no session, no token
    response = program.post(
        address(alert), "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"
    )
    assert "This alert has ended" in words(response)
    assert not Subscription.objects.exists()
    assert response.cookies == {}


def test_a_look_ends_nothing_and_asks(client: Client) -> None:
    alert = make_alert(query="region=london")
    read = words(client.get(address(alert)))
    assert "We will no longer email you about new case studies in London" in read
    assert Subscription.objects.exists()


def test_ending_again_changes_nothing(client: Client) -> None:
    alert = make_alert()
    for _ in range(3):
        assert "This alert has ended" in words(client.post(address(alert)))
    assert "This alert has ended" in words(client.get(address(alert)))


def test_the_link_works_for_ever(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = address(make_alert())
    monkeypatch.setattr("django.core.signing.time.time", lambda: 4_000_000_000.0)
    assert client.post(link).status_code == 200
    assert not Subscription.objects.exists()


def test_only_this_alert_ends_unless_all_are_to(client: Client) -> None:
    first, second = make_alert(query="region=london"), make_alert(query="region=north-west")
    other = make_alert("bob@example.org")
    read = words(client.post(address(first)))
    assert "End all alerts for this address" in read
    assert set(Subscription.objects.all()) == {second, other}
    assert "All alerts have ended" in words(client.post(address(first), {"all": "yes"}))
    assert set(Subscription.objects.all()) == {other}
    assert "End all alerts" not in words(client.get(address(first)))


def test_the_last_alert_takes_the_address_with_it(client: Client, send_alerts: Run) -> None:
    alert = make_alert()
    make_new_study()
    send_alerts()
    assert "We keep nothing about this address" in words(client.post(address(alert)))
    assert (Subscriber.objects.count(), AlertedStudy.objects.count()) == (0, 0)


def test_an_alert_that_ends_before_it_is_sent_is_not_sent(client: Client, send_alerts: Run) -> None:
    first = make_alert(query="region=london")
    make_new_study("Both", regions=["london"])
    prepare(at=timezone.now())
    make_alert(query="specialty=urology")
    client.post(address(first))
    send_alerts()
    (message,) = to(ALICE)  # what the first was about to tell, the second tells
    assert message.subject.endswith("for Urology")


def test_my_alerts_need_a_sign_in(client: Client) -> None:
    response = client.get(MINE)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_my_alerts_are_those_to_my_confirmed_address(client: Client, alice: User) -> None:
    make_alert(query="region=london")
    make_alert(query="region=north-west", confirmed=None)
    make_alert("bob@example.org", "region=south-east")
    read = words(client.get(MINE))
    assert "case studies in London" in read
    assert "North West" not in read
    assert "South East" not in read


def test_an_address_that_i_never_confirmed_shows_me_nothing(client: Client) -> None:
    client.force_login(make_person(ALICE, confirmed=False), backend=MODEL_BACKEND)
    alert = make_alert(query="region=london")
    assert "You have no alerts." in words(client.get(MINE))
    assert client.post(f"{MINE}{alert.key}/change/", {"frequency": "weekly"}).status_code == 404
    client.post(f"{MINE}{alert.key}/end/")
    assert Subscription.objects.exists()


def test_i_change_how_often_an_alert_comes(client: Client, alice: User) -> None:
    alert = make_alert(frequency="daily")
    response = client.post(f"{MINE}{alert.key}/change/", {"frequency": "weekly"}, follow=True)
    assert "Your alert is changed." in words(response)
    alert.refresh_from_db()
    assert alert.frequency == "weekly"
    bad = client.post(f"{MINE}{alert.key}/change/", {"frequency": "hourly"}, follow=True)
    assert "Choose how often we should write" in words(bad)


def test_i_end_an_alert_of_mine_and_of_nobody_else(client: Client, alice: User) -> None:
    mine, other = make_alert(), make_alert("bob@example.org")
    for _ in range(2):
        response = client.post(f"{MINE}{mine.key}/end/", follow=True)
        assert "Your alert has ended." in words(response)
    client.post(f"{MINE}{other.key}/end/")
    assert client.post(f"{MINE}{other.key}/change/", {"frequency": "daily"}).status_code == 404
    assert list(Subscription.objects.all()) == [other]


@pytest.mark.parametrize("alerts", [2, 20])
def test_my_alerts_take_few_queries(client: Client, alice: User, alerts: int) -> None:
    for number in range(alerts):
        make_alert(query=f"q=study+{number}&region=london")
    client.get(MINE)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(MINE).status_code == 200
    assert len(counted) == 9


@pytest.mark.parametrize("alerts", [2, 20])
def test_the_page_of_a_link_takes_few_queries(client: Client, alerts: int) -> None:
    made = [make_alert(query=f"q=study+{number}&region=london") for number in range(alerts)]
    client.get(address(made[0]))
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address(made[0])).status_code == 200
    assert len(counted) == 6


def test_a_deleted_account_takes_its_alerts_with_it(client: Client, alice: User) -> None:
    make_alert(user=alice)
    alice.delete()
    assert not Subscription.objects.exists()
