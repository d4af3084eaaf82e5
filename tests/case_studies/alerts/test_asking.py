"""Asking for an alert, and confirming it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from case_studies.alerts.filters import asked, read_back
from case_studies.alerts.models import Subscription
from learning_hub.accounts.models import User
from learning_hub.pages.visibility import ANYONE
from tests.case_studies.alerts.conftest import path_in, to
from tests.factories.accounts import make_person
from tests.factories.alerts import make_alert
from tests.factories.case_studies import make_case_study, make_library

pytestmark = pytest.mark.usefixtures("search_index")
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
NEW = "/alerts/new/"


def ask(client: Client, address: str = "", status: int = 200, **values: str) -> BeautifulSoup:
    given = {"email": "alice@example.org", "frequency": "weekly", **values}
    response = client.post(NEW + address, given)
    assert response.status_code == status
    return BeautifulSoup(response.content, "html.parser")


def words(soup: BeautifulSoup) -> str:
    assert soup.main
    return " ".join(soup.main.get_text(" ").split())


def form_words(client: Client, address: str = "") -> str:
    response = client.get(NEW + address)
    assert response.status_code == 200
    return words(BeautifulSoup(response.content, "html.parser"))


@pytest.fixture
def alice(client: Client) -> User:
    user = make_person()
    client.force_login(user, backend=MODEL_BACKEND)
    return user


def test_the_library_leads_to_an_alert_about_the_same_studies(client: Client) -> None:
    make_case_study()
    page = client.get("/case-studies/?region=north-west&q=lists&sort=title")
    assert page.status_code == 200
    link = BeautifulSoup(page.content, "html.parser").find("a", string="Get new ones by email")
    assert link["href"] == "/alerts/new/?q=lists&region=north-west&sort=title"
    read = form_words(client, link["href"].removeprefix(NEW))
    assert "new case studies about “lists” in the North West ." in read
    assert "1 matches today." in read


def test_the_form_leaves_out_what_is_unknown_and_says_so(client: Client) -> None:
    make_case_study()
    read = form_words(client, "?region=atlantis&region=london&sort=upwards&page=-3")
    assert "There is no region “atlantis”, so it was left out." in read
    assert "new case studies in London ." in read
    assert "upwards" not in read
    ask(client, "?region=atlantis&region=london")
    assert Subscription.objects.get().query == "region=london"


@pytest.mark.parametrize(
    "address",
    ["?region=%00", "?q=%ed%a0%80", "?q=" + "x" * 5000, "?page=999999999999", "?year=%ff&year=0",
     "?" + "&".join(["region=london"] * 500), "?specialty[]=1", "?q=%00%00"],
)  # fmt: skip
def test_no_address_breaks_the_form(client: Client, address: str) -> None:
    make_library()
    form_words(client, address)
    ask(client, address)


@pytest.mark.parametrize(
    "email", ["", "alice", "a@b@c", "\x00@example.org", "x" * 300 + "@example.org", "a b@c.org"]
)
def test_an_address_that_cannot_be_is_refused_beside_its_field(client: Client, email: str) -> None:
    page = ask(client, status=422, email=email)
    assert page.title.text.startswith("Error: ")
    assert page.find(class_="nhsuk-error-summary").find("a")["href"] == "#id_email"
    assert mail.outbox == []


def test_a_frequency_that_cannot_be_is_refused(client: Client) -> None:
    assert "Choose one of the two" in words(ask(client, status=422, frequency="hourly"))


def test_equal_filters_are_one_alert(client: Client) -> None:
    ask(client, "?region=london&region=north-west&q=Theatre&sort=title&page=2")
    ask(client, "?q=theatre&region=north-west&region=london", email=" ALICE@example.org ")
    assert Subscription.objects.count() == 1


def test_a_filter_reads_back_as_the_library_reads_it() -> None:
    make_case_study()
    parameters = QueryDict("specialty=urology&region=north-west&year=2021&q=lists")
    wanted = asked(parameters, ANYONE)
    assert wanted.sentence == (
        "case studies about “lists” for Urology, in the North West, started in 2021"
    )
    assert read_back(wanted.filter.query) == wanted.sentence
    assert read_back(wanted.filter.query, 1).startswith("1 new case study about “lists”")


def test_nothing_comes_before_the_link_in_the_message_is_confirmed(client: Client) -> None:
    page = ask(client, "?region=london")
    assert "We have written to alice@example.org" in words(page)
    assert not Subscription.objects.get().is_confirmed
    (message,) = mail.outbox
    assert "new case studies in London" in message.body
    address = path_in(message, "confirm")
    for _ in range(2):  # mail scanners open links
        look = client.get(address)
        assert look.status_code == 200
        assert not Subscription.objects.get().is_confirmed
    done = client.post(address)
    assert done.status_code == 200
    assert "Your alert is on" in done.content.decode()
    assert Subscription.objects.get().is_confirmed


def test_a_used_link_says_that_it_was_used(client: Client) -> None:
    ask(client)
    address = path_in(mail.outbox[0], "confirm")
    assert client.post(address).status_code == 200
    first = Subscription.objects.get().confirmed_at
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 200
        assert "Your alert is already confirmed" in response.content.decode()
    assert Subscription.objects.get().confirmed_at == first


def test_a_link_is_too_old_after_seven_days(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    address, now = path_in(mail.outbox[0], "confirm"), timezone.now()
    late = (now + dt.timedelta(days=7, minutes=1)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: late)
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 410
        assert "This link is too old" in response.content.decode()
    assert not Subscription.objects.get().is_confirmed


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "0" * 64 + ":1abc:x", "é", "a" * 3000])
@pytest.mark.parametrize("kind", ["confirm", "end"])
def test_a_guessed_link_is_not_found(client: Client, kind: str, token: str) -> None:
    make_alert()
    for response in (
        client.get(f"/alerts/{kind}/{token}/"),
        client.post(f"/alerts/{kind}/{token}/"),
    ):
        assert response.status_code == 404
        assert "This link does not work" in response.content.decode()
    assert Subscription.objects.count() == 1


def test_a_link_serves_only_its_own_purpose(client: Client) -> None:
    ask(client)
    token = path_in(mail.outbox[0], "confirm").split("/")[3]
    assert client.post(f"/alerts/end/{token}/").status_code == 404
    client.post(f"/alerts/confirm/{token}/")
    ask(client)
    ending = path_in(mail.outbox[1], "end").split("/")[3]
    assert client.post(f"/alerts/confirm/{ending}/").status_code == 404


def test_the_link_of_an_alert_that_is_gone_says_so(client: Client) -> None:
    ask(client)
    address = path_in(mail.outbox[0], "confirm")
    Subscription.objects.all().delete()
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 410
        assert "This alert is not on" in response.content.decode()


def test_the_answer_gives_no_hint_who_has_an_alert(client: Client) -> None:
    make_alert("waiting@example.org", "region=london", confirmed=None)
    make_alert("bob@example.org", "region=london")
    client.get(NEW)  # the index is made
    pages, queries = set(), []
    for email in ("new@example.org", "waiting@example.org", "bob@example.org"):
        with CaptureQueriesContext(connection) as counted:
            response = client.post(f"{NEW}?region=london", {"email": email, "frequency": "daily"})
        assert response.status_code == 200
        pages.add(response.content.decode().replace(email, "…"))
        queries.append(len(counted))
    assert len(pages) == 1
    assert max(queries) - min(queries) <= 8  # rows of a new address; one message each
    assert [message.to for message in mail.outbox] == [
        ["new@example.org"], ["waiting@example.org"], ["bob@example.org"]
    ]  # fmt: skip


def test_who_has_the_alert_is_told_so_by_mail_and_nothing_changes(client: Client) -> None:
    alert = make_alert("bob@example.org", "region=london", frequency="daily")
    ask(client, "?region=london", email="bob@example.org", frequency="weekly")
    (message,) = to("bob@example.org")
    assert "You have this alert already." in message.body
    assert "/alerts/confirm/" not in message.body
    assert path_in(message, "end")
    alert.refresh_from_db()
    assert alert.frequency == "daily"


def test_a_waiting_alert_that_is_asked_for_again_gets_a_new_link(client: Client) -> None:
    ask(client, frequency="weekly")
    Subscription.objects.update(requested_at=timezone.now() - dt.timedelta(days=6))
    ask(client, frequency="daily")
    alert = Subscription.objects.get()
    assert alert.frequency == "daily"
    assert timezone.now() - alert.requested_at < dt.timedelta(minutes=1)
    assert client.post(path_in(mail.outbox[1], "confirm")).status_code == 200
    assert Subscription.objects.get().is_confirmed


def test_a_signed_in_person_needs_no_message_for_her_own_address(
    client: Client, alice: User
) -> None:
    assert 'value="alice@example.org"' in client.get(NEW).content.decode()
    response = client.post(
        f"{NEW}?region=london", {"email": "Alice@example.org", "frequency": "daily"}, follow=True
    )
    assert response.redirect_chain == [("/my/alerts/", 302)]
    assert "Your alert is on: new case studies in London." in response.content.decode()
    assert mail.outbox == []
    alert = Subscription.objects.get()
    assert (alert.user, alert.is_confirmed, alert.frequency) == (alice, True, "daily")


def test_a_signed_in_person_confirms_any_other_address(client: Client, alice: User) -> None:
    ask(client, email="bob@example.org")
    alert = Subscription.objects.get()
    assert (alert.user, alert.is_confirmed) == (None, False)
    assert len(to("bob@example.org")) == 1


def test_an_address_that_its_account_never_confirmed_is_confirmed_here(client: Client) -> None:
    client.force_login(make_person(confirmed=False), backend=MODEL_BACKEND)
    ask(client)
    alert = Subscription.objects.get()
    assert (alert.user, alert.is_confirmed) == (None, False)


def test_an_address_is_written_to_five_times_an_hour_at_most(client: Client) -> None:
    for _ in range(5):
        ask(client)
    ask(client, status=429)
    assert len(mail.outbox) == 5
    ask(client, email="bob@example.org")  # others still can


def test_a_program_that_fills_what_nobody_sees_gets_the_same_answer_and_no_mail(
    client: Client,
) -> None:
    honest = ask(client)
    filled = ask(client, homepage="http://spam.example")
    assert words(honest) == words(filled)
    assert len(mail.outbox) == 1


def test_mail_that_does_not_work_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    assert "We could not write to you" in words(ask(client, status=503))


@pytest.mark.parametrize("studies", [2, 22])
def test_the_form_takes_few_queries(client: Client, studies: int) -> None:
    for number in range(studies):
        make_case_study(f"Study {number}")
    client.get(f"{NEW}?region=north-west")
    with CaptureQueriesContext(connection) as counted:
        assert client.get(f"{NEW}?region=north-west").status_code == 200
    assert len(counted) == 5


def test_links_say_nothing_of_the_address(client: Client) -> None:
    ask(client, "?region=london")
    assert "alice" not in path_in(mail.outbox[0], "confirm")
    assert not re.search(r"alice|london", path_in(mail.outbox[0], "confirm"))
