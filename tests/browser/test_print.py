"""Pages on paper: what is printed, what is left out, and that nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from wagtail.models import Site

from learning_hub.pages.models import InformationPage
from tests.browser.conftest import NARROW, Transfer, Visit
from tests.factories.case_studies import make_full_case_study
from tests.factories.syllabus import make_module

A4_AT_96_DPI = {"width": 672, "height": 1000}  # the text of a page, between its margins
OUTSIDE = "https://www.example.org/a-rather-long-address/of-a-page"
BODY = [
    ("heading", "What was done"),
    ("paragraph", f'<p>See <a href="{OUTSIDE}">a page</a>, or <a href="/search/">search</a>.</p>'),
    ("details", {"summary": "More about it", "text": "<p>Folded away.</p>"}),
    ("table", {"caption": "Places", "rows": "Week | Places\n1 | 12\n2 | 14"}),
]
ADDRESSES = {
    "home": "/",
    "information": "/about/",
    "library": "/case-studies/?region=north-west",
    "study": "/case-studies/saturday-theatre-lists/",
    "syllabus": "/syllabus/",
    "module": "/syllabus/handover/",
    "lesson": "/syllabus/handover/lesson-1/",
    "search": "/search/?q=theatre",
    "sign in": "/accounts/login/",
}
NOT_ON_PAPER = (
    *(".hub-header__search", ".hub-header__account", ".hub-navigation", ".hub-footer"),
    *(".nhsuk-breadcrumb", ".hub-share", "main button"),
)


@pytest.fixture
def site(live_server: object) -> None:
    """A page of each kind."""
    home = Site.objects.get(is_default_site=True).root_page
    home.add_child(instance=InformationPage(title="About us", slug="about", body=BODY))
    make_full_case_study()
    make_module("Handover", lessons=1)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("name", ADDRESSES)
def test_paper_shows_the_text_and_where_it_came_from_and_nothing_to_press(
    visit: Visit, name: str
) -> None:
    page = visit(ADDRESSES[name])
    expect(page.locator(".hub-printed")).to_be_hidden()
    page.set_viewport_size(A4_AT_96_DPI)
    page.emulate_media(media="print")
    for selector in NOT_ON_PAPER:
        for each in page.locator(selector).all():
            expect(each).to_be_hidden()
    printed = page.locator(".hub-printed")
    expect(printed).to_be_visible()
    expect(printed).to_contain_text(ADDRESSES[name].partition("?")[0])
    expect(page.locator("h1")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= A4_AT_96_DPI["width"], f"{name} is cut off on paper at {width} px"


def test_links_that_lead_outside_are_spelt_out_and_what_is_folded_is_open(
    visit: Visit, site: None
) -> None:
    page = visit("/about/")
    text = " ".join(each.extract_text() for each in PdfReader(BytesIO(page.pdf())).pages)
    whole = "".join(text.split())
    assert f"({OUTSIDE})" in whole
    assert "(/search/)" not in whole
    assert "(Link:" not in whole
    assert "Foldedaway." in whole
    assert "Printedfromhttp://localhost" in whole
    assert "Searchthehub" not in whole


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_page_that_is_not_there_offers_a_search(
    look: Visit, assert_accessible: Callable[[Page], None], javascript: bool
) -> None:
    page = look("/case-studies/saturday-theatre/", width=NARROW, javascript=javascript, status=404)
    assert_accessible(page)
    expect(page.get_by_label("Look for it")).to_have_value("saturday theatre")
    page.get_by_role("button", name="Search the whole site").click()
    page.wait_for_url("**/search/?q=saturday+theatre")
    expect(page.get_by_role("link", name="Saturday theatre lists")).to_be_visible()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_is_small(
    visit: Visit, transferred: Callable[[Page], Transfer], name: str
) -> None:
    weight = transferred(visit(ADDRESSES[name]))
    assert weight.bytes <= 150_000
    assert weight.requests <= 15
