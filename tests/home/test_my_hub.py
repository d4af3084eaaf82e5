"""My hub: what to go on with, what is due, what to renew, what to begin, what is done."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from learning_hub.accounts.models import TraineeProfile, User
from syllabus import progress
from syllabus.models import CompletionRule, Prerequisite
from tests.factories.syllabus import (
    begin,
    complete_module,
    enrol,
    make_module,
    make_trainee,
    read_all,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
HUB = "/my/"


@pytest.fixture
def alice(client: Client) -> User:
    user = make_trainee()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def now() -> dt.datetime:
    return timezone.now()


def section(client: Client, name: str) -> str:
    """The HTML of one list; empty where the page has none."""
    response = client.get(HUB)
    assert response.status_code == 200
    return (
        response.content.decode()
        .partition(f'aria-labelledby="{name}"')[2]
        .partition("</section>")[0]
    )


def test_an_empty_hub_says_what_will_be_there(client: Client, alice: User) -> None:
    page = client.get(HUB)
    assert page.status_code == 200
    words = page.content.decode()
    assert "You have not started a module yet." in words
    assert "Nothing is due." in words
    assert "Modules that you complete are listed here" in words
    for name in ("continue", "renew", "recommended"):
        assert f'aria-labelledby="{name}"' not in words


def test_someone_signed_out_is_sent_to_sign_in_and_back(client: Client) -> None:
    response = client.get(HUB)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={HUB}"


def test_the_page_is_not_kept_by_browsers(client: Client, alice: User) -> None:
    response = client.get(HUB)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_the_name_in_the_header_leads_to_the_hub(client: Client, alice: User) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/my/"' in page.content.decode()
    assert 'href="/accounts/email/"' in client.get(HUB).content.decode()


def test_a_module_under_way_leads_to_the_next_unread_lesson(client: Client, alice: User) -> None:
    module = make_module(lessons=4)
    enrol(alice, module, now())
    for lesson in module.lessons[:2]:
        progress.read_lesson(trainee=alice, lesson=lesson, at=now())
    html = section(client, "continue")
    assert "In progress: 2 of 4 lessons" in html
    assert f'href="{module.lessons[2].get_url()}"' in html
    assert "You have not started" not in client.get(HUB).content.decode()


def test_an_open_attempt_is_resumed(client: Client, alice: User) -> None:
    attempt = begin(alice, make_module(), now())
    assert f'href="/learning/attempts/{attempt.pk}/"' in section(client, "continue")


def test_a_statement_is_confirmed_on_the_page_that_has_it(client: Client, alice: User) -> None:
    module = make_module(completion_rule=CompletionRule.ACKNOWLEDGED, statement="I have read it.")
    enrol(alice, module, now())
    read_all(alice, module, now())
    html = section(client, "continue")
    assert "Read the statement and confirm it" in html
    assert f'href="{module.get_url()}"' in html


def test_what_is_due_says_when_and_why(client: Client, alice: User) -> None:
    make_module(due_within_weeks=26)
    TraineeProfile.objects.create(
        user=alice, working_percent=60, training_started_on=dt.date(2026, 8, 5)
    )
    html = section(client, "due")
    assert "you have 43 weeks instead of 26 from 5 August 2026" in html
    assert section(client, "recommended") == ""  # it is due already


def test_what_is_overdue_says_so(client: Client, alice: User) -> None:
    make_module(due_within_weeks=1)
    TraineeProfile.objects.create(user=alice, training_started_on=dt.date(2020, 1, 1))
    html = section(client, "due")
    assert "Overdue" in html
    assert "Was due on 8 January 2020." in html


def test_what_is_done_has_its_certificate_and_is_not_due(client: Client, alice: User) -> None:
    module = make_module(due_within_weeks=26, validity_months=36)
    completion = complete_module(alice, module, now())
    html = section(client, "done")
    assert "Done, valid until" in html
    assert f'href="/certificates/{completion.certificate.pk}/"' in html
    assert "Nothing is due." in section(client, "due")
    assert section(client, "renew") == ""


def test_what_expires_soon_can_be_renewed_and_still_counts(client: Client, alice: User) -> None:
    module = make_module(validity_months=1)
    complete_module(alice, module, now())
    assert "It expires on" in section(client, "renew")
    assert module.title in section(client, "done")
    enrol(alice, module, now())
    assert section(client, "renew") == ""
    assert module.title in section(client, "continue")


def test_what_has_expired_is_to_renew_and_no_longer_done(client: Client, alice: User) -> None:
    module = make_module(validity_months=1)
    complete_module(alice, module, now() - dt.timedelta(days=60))
    html = section(client, "renew")
    assert "Expired on" in html
    assert "Renew this module" in html
    assert module.title not in section(client, "done")


def test_prerequisites_come_before_what_follows_them(client: Client, alice: User) -> None:
    first, second = make_module("First"), make_module("Second", level="2")
    Prerequisite.objects.create(page=second, module=first)
    html = section(client, "recommended")
    assert "First" in html
    assert "Second" not in html
    complete_module(alice, first, now())
    assert "Because it comes after First, which you have completed." in section(
        client, "recommended"
    )


def test_a_prerequisite_that_was_taken_off_since_still_counts(client: Client, alice: User) -> None:
    first, second = make_module("First"), make_module("Second", level="2")
    Prerequisite.objects.create(page=second, module=first)
    complete_module(alice, first, now())
    first.unpublish()
    assert "Second" in section(client, "recommended")


def test_drafts_and_private_modules_are_not_shown(client: Client, alice: User) -> None:
    make_module("A draft", live=False)
    private = make_module("Behind a password")
    PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    assert section(client, "recommended") == ""


def test_nobody_sees_what_someone_else_did(client: Client, alice: User) -> None:
    module = make_module()
    complete_module(make_trainee("bob@example.org", "Bob Brown"), module, now())
    assert module.title not in section(client, "done")


def queries(client: Client) -> int:
    assert client.get(HUB).status_code == 200  # the first visit reads what is kept for the next
    with CaptureQueriesContext(connection) as captured:
        assert client.get(HUB).status_code == 200
    return len(captured)


def some_of_each(alice: User, copies: int, name: str) -> None:
    """Modules done, under way, and following one another."""
    for number in range(copies):
        done = make_module(f"{name} done {number}", questions=2, lessons=1)
        complete_module(alice, done, now())
        going = make_module(f"{name} going {number}", due_within_weeks=9, lessons=2)
        enrol(alice, going, now())
        following = make_module(f"{name} following {number}", lessons=1, questions=0)
        Prerequisite.objects.create(page=following, module=done, or_instead=going)


def test_it_costs_the_same_whatever_there_is(client: Client, alice: User) -> None:
    TraineeProfile.objects.create(user=alice)
    some_of_each(alice, 1, "Few")
    few = queries(client)
    some_of_each(alice, 6, "More")
    assert queries(client) == few <= MOST_QUERIES
