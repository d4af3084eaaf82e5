"""The learning record in a real browser: every page and state, by keyboard, without script."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from syllabus.models import Share
from syllabus.record import sharing
from tests.browser.keyboard import strike
from tests.factories.syllabus import complete_module, make_module, make_trainee
from tests.syllabus.record.scenes import busy_trainee, make_supervisor, share

WIDTHS = pytest.mark.parametrize("width", [320, 1280])


def sharing_trainee():
    """A trainee who shares, and has stopped sharing, with people of long names."""
    alice = busy_trainee()
    now = timezone.now()
    share(
        alice,
        supervisor_name="Professor Dame Samantha Featherstonehaugh-Cholmondeley",
        at=now,
        ends_at=now + dt.timedelta(days=90),
    )
    stopped = share(alice, "a.very.long.address.of.a.former.supervisor@hospital.example.org")
    sharing.withdraw(trainee=alice, share_id=stopped.pk, at=now)
    return alice


@WIDTHS
@pytest.mark.parametrize("javascript", [True, False])
def test_a_full_record_is_open_to_all(look, assert_accessible, width, javascript):
    page = look("/my/record/", width=width, javascript=javascript, user=busy_trainee())
    assert_accessible(page)
    expect(page.locator(".record-module")).to_have_count(3)


@WIDTHS
def test_an_empty_record_is_open_to_all(look, assert_accessible, width):
    assert_accessible(look("/my/record/", width=width, user=make_trainee()))


@WIDTHS
def test_the_page_of_shares_is_open_to_all(look, assert_accessible, width):
    page = look("/my/record/sharing/", width=width, user=sharing_trainee())
    assert_accessible(page)
    expect(page.get_by_role("button", name=re.compile("^Stop sharing with"))).to_have_count(1)


@WIDTHS
@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_wrong_with_the_form_is_open_to_all(
    look, watches, assert_accessible, width, javascript
):
    make_module()
    page = look("/my/record/sharing/", width=width, javascript=javascript, user=make_trainee())
    watches[page].expected_status = 422
    page.get_by_label("Only the modules I choose below").check()
    page.get_by_role("button", name="Share my record").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(4)
    assert_accessible(page)


@WIDTHS
def test_what_is_shared_is_open_to_its_supervisor(look, assert_accessible, width):
    sharing_trainee()
    page = look("/my/shared-with-me/", width=width, user=make_supervisor())
    assert_accessible(page)
    page.get_by_role("link", name="Alice Adams").click()
    page.get_by_role("heading", level=1, name="Alice Adams: completed modules").wait_for()
    assert_accessible(page)


@WIDTHS
def test_nothing_shared_is_open_to_all(look, assert_accessible, width):
    assert_accessible(look("/my/shared-with-me/", width=width, user=make_supervisor()))


def test_a_trainee_shares_and_stops_by_keyboard_without_script(look, assert_accessible):
    alice, module = make_trainee(), make_module("Essentials")
    complete_module(alice, module)
    page = look("/my/record/sharing/", javascript=False, user=alice)
    page.get_by_label("Your supervisor’s name").focus()
    strike(page, "Sam Shah", "Tab", "sam@example.org")
    strike(page, "Tab", "Space", "ArrowDown")  # the second radio: only some modules
    strike(page, "Tab", "Space", "Tab", f"31/12/{timezone.localdate().year + 1}")
    strike(page, "Tab", "Space", "Tab", "Enter")
    page.get_by_role("status").get_by_text("You share your record with Sam Shah").wait_for()
    assert Share.objects.get().module_keys == [module.key]
    assert_accessible(page)
    page.get_by_role("button", name="Stop sharing with Sam Shah").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Nobody but you.").wait_for()
    assert not Share.objects.in_force(timezone.now()).exists()
