"""The regions in a real browser: map, list and pages, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from learning_hub.regions.models import Initiative, NationalFigure
from tests.browser.conftest import NARROW, WIDE, Visit
from tests.browser.keyboard import tab_to
from tests.factories.case_studies import make_case_study
from tests.factories.regions import make_figure, make_region, make_region_index

Check = Callable[[Page], None]


@pytest.fixture
def regions(live_server: object) -> None:
    """Figures, initiatives, studies and former offices in some regions; little in others."""
    index = make_region_index(introduction="Find what your region did.")
    NationalFigure.objects.create(
        page=index, value=31000, counts="new people", source="A report", period="2021"
    )
    page = make_region(
        "north-east-and-yorkshire",
        contact_role="Regional placements team",
        body=[("heading", "About this page"), ("paragraph", "<p>Words.</p>")],
    )
    make_figure(page)
    studies = [
        make_case_study(
            f"Study {number}",
            regions=["north-east-and-yorkshire"],
            intervention_types=["simulation", "fellowships"],
            is_illustrative=True,
        )
        for number in range(4)
    ]
    Initiative.objects.create(page=page, title="Strategy", text="New.", link_page=studies[0])
    make_region("south-east")


ADDRESSES = ("/regions/", "/regions/north-east-and-yorkshire/", "/regions/south-east/")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_pages_are_open_to_everyone(
    look: Visit, assert_accessible: Check, regions: None, width: int, javascript: bool
) -> None:
    for address in ADDRESSES:
        assert_accessible(look(address, width=width, javascript=javascript))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_with_nothing_to_show_the_pages_stay_open(
    look: Visit, assert_accessible: Check, live_server: object, width: int
) -> None:
    make_region_index()
    page = look("/regions/", width=width)
    expect(page.get_by_text("No region has a page yet.")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_without_search_the_pages_stay_open(
    look: Visit,
    assert_accessible: Check,
    regions: None,
    settings: Any,
    tmp_path: Path,
    width: int,
) -> None:
    (tmp_path / "a-file").write_text("")
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "a-file" / "index"
    for address, words in zip(ADDRESSES, ("cannot be counted", "cannot be shown"), strict=False):
        page = look(address, width=width)
        expect(page.get_by_text(words)).to_be_visible()
        assert_accessible(page)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_map_is_walked_by_keyboard(
    look: Visit, assert_accessible: Check, regions: None, width: int
) -> None:
    page = look("/regions/", width=width, javascript=False)
    names = [link.get_attribute("aria-label") for link in page.locator(".regions-tile").all()]
    assert len(names) == 7
    tab_to(page, ".regions-tile")
    met = []
    for _ in names:
        met.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        fill = "getComputedStyle(document.activeElement.querySelector('rect')).fill"
        assert page.evaluate(fill) == "rgb(255, 235, 59)"
        page.keyboard.press("Tab")
    assert met == names
    tab_to(page, '.regions-tile[aria-label^="North East"]', back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("North East and Yorkshire")


def test_the_list_waits_until_it_is_asked_for(
    look: Visit, assert_accessible: Check, regions: None
) -> None:
    page = look("/regions/", width=NARROW)
    name = "North East and Yorkshire: 4 case studies"
    expect(page.get_by_role("link", name=name)).to_have_count(1)
    listed = page.locator(".regions-map__list a")
    expect(listed.first).to_be_hidden()
    tab_to(page, ".regions-map__list summary")
    page.keyboard.press("Enter")
    expect(listed.first).to_be_visible()
    expect(listed).to_have_count(8)
    assert_accessible(page)


def test_the_words_of_the_map_are_large_enough_on_a_small_screen(
    visit: Visit, regions: None
) -> None:
    page = visit("/regions/", width=NARROW)
    scale = page.evaluate(
        "() => { const s = document.querySelector('.regions-map__drawing');"
        " return s.getBoundingClientRect().width / s.viewBox.baseVal.width }"
    )
    assert 15 * scale >= 15
    for text in page.locator(".regions-tile text").all():
        tile = text.locator("xpath=..").locator("rect").bounding_box()
        words = text.bounding_box()
        assert tile
        assert words
        assert tile["x"] <= words["x"]
        assert words["x"] + words["width"] <= tile["x"] + tile["width"]


def test_a_count_leads_to_the_studies_it_counts(visit: Visit, regions: None) -> None:
    page = visit("/regions/north-east-and-yorkshire/", javascript=False)
    page.get_by_role("table").get_by_role("link", name="Fellowships").click()
    expect(page.get_by_role("heading", name="4 case studies")).to_be_visible()
