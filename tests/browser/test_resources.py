"""Resources in a real browser: each kind and width, keyboard, no script, sound that plays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from learning_hub.home.demo import sound_check
from tests.browser.conftest import NARROW, WIDE
from tests.browser.keyboard import tab_to
from tests.factories.resources import (
    make_file,
    make_full_report,
    make_resource,
    make_resource_index,
)


@pytest.fixture(autouse=True)
def _files_on_disk(settings, tmp_path):
    """Wagtail sends a file from its folder."""
    settings.MEDIA_ROOT = tmp_path
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}


def make_one(kind):
    if kind == "report":
        return make_full_report()
    if kind == "recording":
        sound = make_file("tones.mp3", sound_check.sound())
        captions = make_file("tones.vtt", sound_check.captions())
        return make_resource("recording", "Tones", recording=sound, captions=captions)
    if kind == "film":
        return make_resource("recording", "Film", recording=make_file("film.webm", b"no film"))
    return make_resource(
        kind, f"A {kind}", is_illustrative=True, needs_sign_in=True, source="Written for tests."
    )


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("kind", ["report", "toolkit", "recording", "film", "link"])
def test_each_kind_is_open_to_all(look, assert_accessible, width, kind):
    page = look(make_one(kind).url, width=width)
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible(page)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("address", ["", "?kind=link", "?kind=atlas&page=9", "?kind=link&page=2"])
def test_the_list_is_open_to_all(look, assert_accessible, width, address):
    for kind in ("report", "toolkit", "recording", "link"):
        make_one(kind)
    for number in range(22):
        make_resource("link", f"Link {number}")
    assert_accessible(look(f"/resources/{address}", width=width))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_an_empty_list_is_open_to_all(look, assert_accessible, width):
    make_resource_index()
    assert_accessible(look("/resources/", width=width))


def test_a_choice_without_resources_leads_back_to_all(look, assert_accessible):
    make_one("link")
    page = look("/resources/?kind=report", javascript=False)
    page.get_by_role("link", name="See all resources").click()
    expect(page.get_by_role("link", name="A link")).to_be_visible()


CUES = """async () => {
    const element = document.querySelector('track');
    for (let tries = 0; element.readyState < 2 && tries < 50; tries++) {
        await new Promise(done => setTimeout(done, 100));
    }
    return [...element.track.cues].map(cue => cue.text);
}"""


def test_the_sound_plays_and_its_captions_are_there(visit):
    page = visit(make_one("recording").url)
    duration = page.evaluate(
        """async () => {
            const player = document.querySelector('audio');
            player.preload = 'auto';
            player.load();
            await new Promise((done, failed) => {
                player.oncanplaythrough = done;
                player.onerror = () => failed(player.error.message);
            });
            return player.duration;
        }"""
    )
    assert duration == pytest.approx(6, abs=0.2)
    assert page.evaluate(CUES) == ["[A low tone]", "[A higher tone]"]


def test_a_file_is_reached_with_the_keyboard_alone(visit):
    make_one("toolkit")
    page = visit("/resources/")
    tab_to(page, page.get_by_role("link", name=re.compile("^A toolkit")))
    page.keyboard.press("Enter")
    page.wait_for_url("**/resources/a-toolkit/")
    tab_to(page, page.get_by_role("link", name=re.compile("^The file sheet.csv")))
