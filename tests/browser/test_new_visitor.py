"""Someone who has never been here finds everything from the home page, by its links alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Transfer, Visit
from tests.factories.case_studies import make_case_study
from tests.factories.events import make_event
from tests.factories.guidance import make_guidance
from tests.factories.regions import make_region
from tests.factories.resources import make_resource
from tests.factories.syllabus import make_module
from tests.factories.updates import make_update

Check = Callable[[Page], None]
STARTS = ("/", "/trainers/", "/trainees/", "/editors/")
ADDRESSES = (
    *STARTS,
    *("/guidance/", "/guidance/list-guidance/", "/regions/", "/regions/north-west/"),
    *("/updates/", "/updates/a-letter/", "/events/", "/events/a-symposium/"),
    *("/resources/", "/resources/a-toolkit/", "/search/?q=list"),
    *("/share-your-initiative/", "/report-a-problem/?page=/", "/alerts/new/"),
)


@pytest.fixture
def furnished(live_server: Any) -> None:
    """A page in every room."""
    for title in ("Simulated lists", "Evening clinics", "Saturday lists"):
        make_case_study(title)
    make_module("Essentials")
    make_guidance("List guidance", slug="list-guidance")
    make_region("north-west")
    make_update("A letter", slug="a-letter")
    make_event("A symposium", slug="a-symposium")
    make_resource("link", "A toolkit", slug="a-toolkit")


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_pages_to_start_from_are_open_to_all(
    look: Visit, assert_accessible: Check, width: int, javascript: bool
) -> None:
    for address in STARTS:
        assert_accessible(look(address, width=width, javascript=javascript))


@pytest.mark.usefixtures("furnished")
def test_every_page_is_small(visit: Visit, transferred: Callable[[Page], Transfer]) -> None:
    weights = {address: transferred(visit(address, width=NARROW)) for address in ADDRESSES}
    print({address: (weight.bytes, weight.requests) for address, weight in weights.items()})
    heavy = {a: w for a, w in weights.items() if w.bytes > 150_000 or w.requests > 15}
    assert heavy == {}


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_trainer_goes_from_the_home_page_to_what_worked_and_is_told_of_more(
    visit: Visit, width: int
) -> None:
    page = visit("/", width=width, javascript=False)
    page.get_by_role("link", name="Start as a trainer").click()
    page.get_by_label("Find what worked").fill("simulated")
    page.get_by_role("button", name="Find case studies").click()
    page.get_by_role("link", name="Simulated lists").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Simulated lists")
    page.go_back()
    page.get_by_role("link", name=re.compile("by e-?mail", re.I)).first.click()
    page.get_by_label("Email address").fill("new@example.org")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    assert "/alerts/" in mail.outbox[0].body


@pytest.mark.usefixtures("furnished")
def test_every_room_is_reached_from_the_home_page_by_keyboard(visit: Visit) -> None:
    page = visit("/", javascript=False)
    for name, heading in (
        ("Guidance", "List guidance"),
        ("Updates", "A letter"),
        ("Events", "A symposium"),
        ("Resources", "A toolkit"),
    ):
        page.goto("/")
        page.get_by_label("Main").get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        page.get_by_role("main").get_by_role("link", name=heading).first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


@pytest.mark.usefixtures("furnished")
def test_the_map_the_module_and_the_form_are_on_the_home_page(visit: Visit) -> None:
    page = visit("/", width=NARROW, javascript=False)
    page.get_by_role("link", name=re.compile("North West")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("North West")
    page.goto("/")
    page.get_by_role("link", name="Start this module").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Essentials")
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Share your initiative").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("initiative")
    page.get_by_role("link", name="Report a problem with this page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("problem")
