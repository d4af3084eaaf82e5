"""My hub and my profile in a real browser: narrow and wide, with scripts and without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning_hub.accounts.models import TraineeProfile, User
from syllabus.planning.reminding import stop_token
from tests.browser.conftest import NARROW, WIDE, Visit, Watch
from tests.factories.syllabus import complete_module, enrol, make_module, make_trainee

Check = Callable[[Page], None]


@pytest.fixture
def alice(live_server: object) -> User:
    """A trainee with something in every list."""
    user, now = make_trainee(), timezone.now()
    TraineeProfile.objects.create(
        user=user, working_percent=60, training_started_on=dt.date(2026, 1, 5), reminders="weekly"
    )
    complete_module(user, make_module("Done and soon to expire", validity_months=1), now)
    enrol(user, make_module("A module with quite a long title, under way", lessons=4), now)
    make_module("Due", due_within_weeks=26)
    make_module("To begin")
    return user


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_page_is_open_to_all(
    look: Visit, assert_accessible: Check, alice: User, width: int, javascript: bool
) -> None:
    empty = make_trainee("new@example.org", "")
    for address, user in (
        ("/my/", alice),
        ("/my/", empty),
        ("/my/profile/", alice),
        (f"/reminders/stop/{stop_token(alice)}/", None),
    ):
        assert_accessible(look(address, width=width, javascript=javascript, user=user))


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_profile_with_mistakes_is_mended_and_saved(
    look: Visit,
    watches: dict[Page, Watch],
    assert_accessible: Check,
    alice: User,
    javascript: bool,
) -> None:
    page = look("/my/profile/?next=/syllabus/", width=NARROW, javascript=javascript, user=alice)
    watches[page].expected_status = 422
    page.get_by_label("First name").fill("")
    page.get_by_label("How much of full time").fill("5")
    page.get_by_role("button", name="Save your profile").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your first name.")
    assert_accessible(page)
    page.get_by_role("alert").get_by_role("link").first.click()
    page.keyboard.type("Alicia")
    page.get_by_label("How much of full time").fill("50")
    page.keyboard.press("Enter")
    page.wait_for_url("**/syllabus/")
    expect(page.get_by_role("status")).to_contain_text("Your profile is saved.")


def test_reminders_stop_without_signing_in(
    look: Visit, assert_accessible: Check, alice: User
) -> None:
    page = look(f"/reminders/stop/{stop_token(alice)}/", width=NARROW)
    page.get_by_role("button", name="Stop reminders").click()
    expect(page.get_by_role("heading", name="Reminders stopped")).to_be_visible()
    assert_accessible(page)
    assert TraineeProfile.objects.get().reminders == "never"
