"""Updates in a real browser: the list, the letter, every width, keyboard, paper, no script."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from learning_hub.updates.models import UpdateFile
from tests.browser.conftest import NARROW, WIDE
from tests.factories.resources import make_file
from tests.factories.updates import make_update, make_update_index


def make_letters(number: int = 3) -> None:
    for each in range(number):
        make_update(
            f"A letter about training in theatres, clinics and elsewhere, number {each}",
            dated_on=dt.date(2024, 1, 1) + dt.timedelta(days=20 * each),
            is_illustrative=each == 0,
            is_summary=each == 1,
            source="Written for tests.",
            files=[UpdateFile(document=make_file(f"f{each}.txt"), description="A form.")],
        )


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("address", ["", "?year=2025", "?year=1999&page=77"])
def test_the_list_is_open_to_all(look, assert_accessible, width, address):
    make_letters(25)
    assert_accessible(look(f"/updates/{address}", width=width))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_an_empty_list_is_open_to_all(look, assert_accessible, width):
    make_update_index()
    assert_accessible(look("/updates/", width=width))


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_letter_is_open_to_all(look, assert_accessible, width, number):
    make_letters()
    slug = f"a-letter-about-training-in-theatres-clinics-and-elsewhere-number-{number}"
    assert_accessible(look(f"/updates/{slug}/", width=width))


def test_without_script_one_gets_from_a_year_to_a_letter_and_on_to_the_next(visit):
    make_letters()
    page = visit("/updates/", javascript=False)
    page.get_by_role("link", name="2024", exact=True).click()
    page.get_by_role("link", name="number 1").click()
    page.get_by_role("link", name="Later update").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("number 2$"))


def test_a_letter_is_reached_with_the_keyboard(visit):
    make_letters()
    page = visit("/updates/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").endswith("number 2"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/updates/*-number-2/")


def test_paper_shows_the_letter_and_nothing_to_press(visit):
    make_letters()
    slug = "a-letter-about-training-in-theatres-clinics-and-elsewhere-number-0"
    page = visit(f"/updates/{slug}/")
    page.emulate_media(media="print")
    expect(page.get_by_text("Dear colleagues,")).to_be_visible()
    expect(page.locator(".letter__signature")).to_be_visible()
    expect(page.get_by_text("Later update")).to_be_hidden()
    expect(page.get_by_role("heading", name="Share this page")).to_be_hidden()
