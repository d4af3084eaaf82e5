"""Finding case studies in a real browser: with a mouse, a keyboard, a phone, and no JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NARROW, WIDE, Transfer, Visit
from tests.factories.case_studies import make_case_study, make_full_case_study, make_library

Check = Callable[[Page], None]
FOUND = "Take-home simulation boxes"
SIMULATION = ["simulation"]


@pytest.fixture
def library(search_index: Any) -> None:
    """Studies that differ in one thing each from the one that is looked for."""
    page = make_library()
    page.introduction = "What training programmes did."
    page.save()
    make_case_study(
        FOUND,
        specialties=["general-surgery"],
        problem="<p>Theatre lists were cancelled.</p>",
        is_illustrative=True,
    )
    make_case_study("Boxes in London", regions=["london"], specialties=["urology"])
    make_case_study("Boxes for core trainees", stages=["core"], specialties=["urology"])
    make_case_study("Consultations", specialties=["psychiatry"], settings=["mental-health"])
    make_case_study(
        "Peer groups", intervention_types=["wellbeing-support"], started_on=dt.date(2019, 1, 1)
    )


@pytest.fixture
def many(library: None) -> None:
    """Enough studies for a second page."""
    for number in range(18):
        make_case_study(f"Further study {number:02}")


def tick(page: Page, label: str) -> None:
    page.locator(f'.find-facet label:has-text("{label} (")').first.click()


STATES = {
    "browse": "/case-studies/",
    "results": "/case-studies/?q=cancelled",
    "selected": "/case-studies/?specialty=urology&specialty=surgery&setting=acute",
    "empty": "/case-studies/?q=boxes&specialty=psychiatry",
    "notices": "/case-studies/?region=atlantis&page=0",
    "did you mean": "/case-studies/?q=simulasion",
    "page 2": "/case-studies/?page=2&sort=title",
    "comparison": "/case-studies/compare/?study=boxes-in-london&study=consultations",
    "nothing compared": "/case-studies/compare/?study=nowhere",
    "the whole site": "/search/?q=boxes",
}


@pytest.mark.slow
@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_state_is_open_to_all(
    look: Visit, assert_accessible: Check, many: None, width: int, javascript: bool
) -> None:
    for address in STATES.values():
        page = look(address, width=width, javascript=javascript)
        assert_accessible(page)
        filters = page.locator("#find-filters > summary")
        if filters.is_visible():
            filters.click()
            assert_accessible(page)


def test_a_simulation_study_is_found_in_three_clicks_and_a_word(
    visit: Visit, library: None
) -> None:
    page = visit("/case-studies/")
    page.locator("#find-text").fill("simulation")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("about “simulation”")
    for click in ("Surgery", "North West", "Higher specialty"):
        tick(page, click)
        expect(page.locator("h1")).to_contain_text(click)
    expect(page.locator("h1")).to_have_text(
        "1 case study about “simulation” for Surgery, in the North West, "
        "for Higher specialty trainees"
    )
    expect(page.locator(".find-card__heading")).to_have_text([FOUND])


def test_a_tick_changes_the_results_without_a_reload(visit: Visit, library: None) -> None:
    page = visit("/case-studies/")
    page.evaluate("window.kept = true")
    tick(page, "London")
    expect(page.locator("h1")).to_have_text("1 case study in London")
    expect(page).to_have_url(re.compile(r"/case-studies/\?region=london$"))
    expect(page).to_have_title("1 case study in London – Learning Hub")
    assert page.evaluate("window.kept") is True
    expect(page.locator('input[value="london"]')).to_be_focused()
    expect(page.locator("[data-find-status]")).to_have_text("1 case study in London")
    expect(page.locator("#find-results")).to_have_attribute("aria-busy", "false")
    expect(page.locator('label:has-text("Surgery (")').first).to_have_text("Surgery (1)")
    expect(page.locator('input[value="psychiatry"]')).to_be_disabled()
    expect(page.locator('link[type="application/atom+xml"]')).to_have_attribute(
        "href", "/case-studies/feed/?region=london"
    )


def test_the_back_button_returns_to_the_results_before(visit: Visit, library: None) -> None:
    page = visit("/case-studies/")
    tick(page, "London")
    expect(page.locator("h1")).to_have_text("1 case study in London")
    tick(page, "North West")
    expect(page.locator("h1")).to_have_text("5 case studies in London or the North West")
    page.go_back()
    expect(page.locator("h1")).to_have_text("1 case study in London")
    expect(page.locator("input:checked")).to_have_count(1)
    page.go_back()
    expect(page.locator("h1")).to_have_text("5 case studies")
    expect(page.locator("input:checked")).to_have_count(0)
    page.go_forward()
    expect(page.locator("h1")).to_have_text("1 case study in London")


def test_a_tag_takes_itself_away_and_focus_goes_to_the_new_sentence(
    visit: Visit, library: None
) -> None:
    page = visit("/case-studies/?region=london&q=boxes")
    page.get_by_role("link", name="Remove Region: London").click()
    expect(page.locator("h1")).to_have_text("3 case studies about “boxes”")
    expect(page.locator("#find-sentence")).to_be_focused()
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("h1")).to_have_text("5 case studies")
    expect(page.locator("#find-text")).to_have_value("")


def test_without_javascript_a_form_with_an_apply_button_does_the_same(
    visit: Visit, library: None
) -> None:
    page = visit("/case-studies/", javascript=False)
    page.locator("#find-text").fill("simulation")
    for click in ("Surgery", "North West", "Higher specialty"):
        tick(page, click)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("h1")).to_contain_text("about “simulation” for Surgery, in the North West")
    expect(page.locator(".find-card__heading")).to_have_text([FOUND])
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("h1")).to_have_text("5 case studies")


def test_a_phone_without_javascript_can_narrow_too(visit: Visit, library: None) -> None:
    page = visit("/case-studies/", width=NARROW, javascript=False)
    page.locator("#find-filters > summary").click()
    tick(page, "London")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("h1")).to_have_text("1 case study in London")


def test_the_apply_button_is_gone_where_ticks_apply_at_once(visit: Visit, library: None) -> None:
    page = visit("/case-studies/")
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()


def test_a_keyboard_is_enough(visit: Visit, library: None) -> None:
    page = visit("/case-studies/")
    page.locator("#find-text").focus()
    page.keyboard.press("Tab")  # the button
    page.keyboard.press("Tab")  # the first facet
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "surgery":
            break
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("4 case studies for Surgery")
    expect(page.locator('input[value="surgery"]')).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("5 case studies")


def test_suggestions_are_a_combobox_that_a_keyboard_can_use(
    look: Visit, assert_accessible: Check, library: None
) -> None:
    page = look("/case-studies/")
    box = page.get_by_role("combobox", name="Find case studies")
    box.press_sequentially("urolo")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Urology")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".find-box [role=status]")).to_contain_text("suggestion")
    assert_accessible(page)
    box.press("ArrowDown")
    first = options.first.get_attribute("id")
    expect(box).to_have_attribute("aria-activedescendant", first)
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("h1")).to_have_text("3 case studies for Urology")
    expect(page.locator('input[value="urology"]')).to_be_visible()


def test_a_suggested_page_is_opened(visit: Visit, library: None) -> None:
    page = visit("/case-studies/")
    page.get_by_role("combobox", name="Find case studies").press_sequentially("consul")
    page.get_by_role("option", name="Consultations Page").click()
    page.wait_for_url("**/case-studies/consultations/")


def test_a_long_facet_can_be_searched(visit: Visit, library: None) -> None:
    page = visit("/case-studies/")
    page.get_by_label("Find in the list: Specialty").fill("ophthal")
    # Ophthalmology, and below Medicine its medical kind.
    expect(page.locator("#facet-specialty label:visible")).to_have_count(3)
    page.get_by_label("Find in the list: Specialty").fill("")
    expect(page.locator('#facet-specialty label:has-text("Surgery (")').first).to_be_visible()


def test_only_the_latest_of_two_quick_choices_counts(visit: Visit, library: None) -> None:
    page = visit("/case-studies/")
    held: list[Route] = []
    page.route("**/case-studies/?region=london", lambda route: held.append(route))
    tick(page, "London")
    tick(page, "North West")
    expect(page.locator("h1")).to_have_text("5 case studies in London or the North West")
    assert len(held) == 1
    held[0].abort()
    expect(page).to_have_url(re.compile(r"\?region=london&region=north-west$"))


def test_an_answer_that_is_no_page_of_results_is_opened_plainly(
    visit: Visit, library: None
) -> None:
    page = visit("/case-studies/")
    page.evaluate("window.kept = true")
    page.route(
        "**/case-studies/?region=london",
        lambda route: route.fulfill(content_type="text/plain", body="Something else."),
        times=1,
    )
    with page.expect_event("load"):  # to poll the page for it would break its policy
        tick(page, "London")
    assert page.evaluate("window.kept") is None
    expect(page.locator("h1")).to_have_text("1 case study in London")


def test_ticked_studies_are_compared(visit: Visit, library: None) -> None:
    page = visit("/case-studies/?q=boxes&sort=title")
    for box in page.get_by_label("Compare").all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare the ticked case studies").click()
    page.wait_for_url("**/case-studies/compare/?study=*")
    expect(page.locator("thead th")).to_have_count(2)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_full_page_of_results_is_light(
    visit: Visit, transferred: Callable[[Page], Transfer], library: None, width: int
) -> None:
    for number in range(20):
        make_full_case_study(f"Full study {number}")
    weight = transferred(visit("/case-studies/?q=study", width=width))
    assert weight.bytes <= 150_000
    assert weight.requests <= 15


def test_what_someone_typed_never_runs(visit: Visit, library: None) -> None:
    page = visit("/case-studies/")
    page.locator("#find-text").fill('<img src=x onerror="window.ran = 1"><script>ran = 1</script>')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("<img src=x")
    assert page.evaluate("window.ran") is None
