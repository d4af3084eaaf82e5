"""Events in a real browser: every state, by keyboard, without scripts, and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Visit
from tests.factories.events import (
    DAY,
    HOUR,
    make_event,
    make_events_page,
    make_full_event,
    make_past_event,
)

Check = Callable[[Page], None]


def make_every_state() -> list[str]:
    """An event in each state; returns their addresses."""
    now, off = timezone.now(), {"is_cancelled": True, "cancellation_reason": "The hall is closed."}
    link = {"booking_url": "https://booking.example.org/1"}
    clocks = dt.datetime(2099, 3, 28, 23, tzinfo=dt.UTC)
    made = [
        make_full_event("To come"),
        make_full_event("Cancelled", **off),
        make_event("On now", starts_at=now - HOUR),
        make_past_event("Over", recording_url="https://films.example.org/1"),
        make_event("Booking closed", booking_closes_on=timezone.localdate() - DAY, **link),
        make_event("Elsewhere", time_zone="America/New_York"),
        make_event("Clocks", starts_at=clocks, ends_at=clocks + 4 * HOUR),
        make_event("Whole days", is_whole_day=True),
    ]
    return [event.url for event in made]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_events_are_accessible_in_every_state(
    look: Visit, assert_accessible: Check, width: int
) -> None:
    lists = ["/events/", "/events/?when=past&zone=Asia/Dubai", "/events/?kind=symposium&region=x"]
    for address in [*make_every_state(), *lists]:
        assert_accessible(look(address, width=width))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_an_empty_list_is_accessible(look: Visit, assert_accessible: Check, width: int) -> None:
    make_events_page()
    for address in ("/events/", "/events/?when=past", "/events/?kind=course"):
        assert_accessible(look(address, width=width))


def test_someone_narrows_the_list_without_scripts(look: Visit, assert_accessible: Check) -> None:
    make_event("A talk", kind="webinar")
    make_event("A day", kind="symposium")
    page = look("/events/", javascript=False, width=NARROW)
    page.get_by_text("Narrow the list").click()
    page.get_by_label("Webinar").check()
    page.get_by_label("Show times in").select_option("Asia/Dubai")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="A talk")).to_be_visible()
    expect(page.get_by_role("link", name="A day")).to_have_count(0)
    expect(page.get_by_text("Times are in Dubai time.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Take away Webinar").click()
    expect(page.get_by_role("link", name="A day")).to_be_visible()


def test_someone_takes_an_event_home_by_keyboard(visit: Visit) -> None:
    make_event("A talk")
    page = visit("/events/")
    page.get_by_role("link", name="A talk").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A talk")
    page.get_by_role("link", name="Add to your calendar").focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "a-talk.ics"


def test_on_paper_there_is_the_event_and_no_controls(visit: Visit) -> None:
    page = visit(make_full_event().url)
    page.emulate_media(media="print")
    expect(page.get_by_text("Where", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Add to your calendar")).to_be_hidden()
