"""Alerts in a real browser: asked for, confirmed, mailed and ended, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import Page, expect

from case_studies.alerts.links import confirm_link, end_link
from learning_hub.accounts.models import User
from tests.browser.conftest import NARROW, WIDE, Visit, Watch
from tests.case_studies.alerts.conftest import path_in
from tests.factories.accounts import make_person
from tests.factories.alerts import make_alert, make_new_study

Check = Callable[[Page], None]
LONG = "q=simulated+theatre+lists&region=north-west&region=north-east-and-yorkshire&stage=core"


@pytest.fixture
def alice(live_server: Any) -> User:
    """Someone with an account and two alerts."""
    user = make_person()
    make_alert(query="region=london")
    make_alert(query=LONG, frequency="weekly")
    make_new_study()
    return user


def path(link: str) -> str:
    return "/" + link.split("/", 3)[3]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_page_is_open_to_all(
    look: Visit, assert_accessible: Check, alice: User, width: int
) -> None:
    waiting, on = make_alert("bob@example.org", LONG, confirmed=None), alice.email
    confirmed = make_alert("carol@example.org", LONG)
    others = make_alert("carol@example.org", "region=london")
    for address, user, status in (
        (f"/alerts/new/?{LONG}&region=atlantis", None, 200),
        ("/alerts/new/", alice, 200),
        (path(confirm_link(waiting)), None, 200),
        (path(confirm_link(confirmed)), None, 200),
        (path(end_link(others)), None, 200),
        ("/alerts/end/guessed/", None, 404),
        ("/my/alerts/", alice, 200),
        ("/my/alerts/", make_person(f"new-{on}"), 200),
    ):
        assert_accessible(look(address, user=user, width=width, status=status))
    gone = path(confirm_link(waiting))
    waiting.delete()
    assert_accessible(look(gone, width=width, status=410))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_from_the_library_to_the_end_without_scripts(
    look: Visit, assert_accessible: Check, alice: User, width: int
) -> None:
    page = look("/case-studies/?region=north-west", width=width, javascript=False)
    page.get_by_role("link", name="Get new ones by email").click()
    expect(page.get_by_text("new case studies in the North West")).to_be_visible()
    page.get_by_label("Email address").fill("dave@example.org")
    page.get_by_label("Once a day at most").check()
    page.get_by_role("button", name="Get new ones by email").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    assert_accessible(page)
    page.goto(path_in(mail.outbox[-1], "confirm"))
    page.get_by_role("button", name="Yes, write to me").click()
    expect(page.get_by_role("heading", name="Your alert is on")).to_be_visible()
    assert_accessible(page)
    make_new_study("A study that came after")
    call_command("send_alerts")
    digest = [message for message in mail.outbox if message.to == ["dave@example.org"]][-1]
    assert digest.subject == "Learning Hub: 1 new case study in the North West"
    assert "A study that came after" in digest.body
    page.goto(path_in(digest, "end"))
    page.get_by_role("button", name="End this alert").click()
    expect(page.get_by_role("heading", name="This alert has ended")).to_be_visible()
    assert_accessible(page)


def test_a_mistake_is_mended_with_the_keyboard(
    look: Visit, watches: dict[Page, Watch], assert_accessible: Check, alice: User
) -> None:
    page = look("/alerts/new/?region=london", width=NARROW)
    watches[page].expected_status = 422
    page.get_by_label("Email address").fill("dave")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Enter an email address like")
    assert_accessible(page)
    page.get_by_role("alert").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("dave@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()


def test_alerts_are_changed_and_ended_on_my_page(
    look: Visit, assert_accessible: Check, alice: User
) -> None:
    page = look("/my/alerts/", width=NARROW, user=alice)
    row = page.get_by_role("listitem").filter(has_text="in London")
    row.get_by_label("Once a week at most").check()
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Your alert is changed.")
    row.get_by_role("button", name="End this alert").click()
    expect(page.get_by_role("status")).to_contain_text("Your alert has ended.")
    expect(page.get_by_role("heading", name="in London")).to_have_count(0)
    assert_accessible(page)
