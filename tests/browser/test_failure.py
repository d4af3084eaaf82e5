"""What visitors see while the search server is down: the same results, and one calm sentence."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from search import query, sync
from search.engines import answering, selection
from search.engines.errand import Errand
from tests.browser.conftest import NARROW, WIDE, Visit, assert_fits
from tests.factories.case_studies import make_case_study
from tests.search.fake_server import FakeServer

pytestmark = pytest.mark.embedded_only  # these bring a server of their own
Check = Callable[[Page], None]


@pytest.fixture
def server(
    search_index: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeServer]:
    """A server that refuses, in front of a machine with an index of its own."""
    monkeypatch.setattr(Errand, "start", lambda self, again=True: None)
    make_case_study("Airway course")
    make_case_study("Airway evenings", regions=["london"])
    fake = FakeServer(tmp_path / "server")
    sync.rebuild(fake)
    sync.rebuild(search_index)
    monkeypatch.setattr(selection, "current_engine", lambda: fake)
    fake.fault = "refused"
    yield fake
    answering.forget()


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("path", ["/search/?q=airway", "/case-studies/?q=airway"])
def test_the_stand_in_is_announced_calmly(
    look: Visit, assert_accessible: Check, server: FakeServer, path: str, width: int
) -> None:
    page = look(path, width=width)
    notice = page.locator(".find-notice")
    expect(notice.locator("h2")).to_have_text("About this search")
    expect(notice.locator("li")).to_have_text(query.STANDING_IN)
    expect(page.locator(".find-results h3")).to_have_count(2)
    assert_fits(page)
    assert_accessible(page)
    if folder := os.environ.get("HUB_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{path.split('/')[1]}-{width}.png")


def test_without_scripts_and_without_any_index_the_page_still_says_what_it_can(
    look: Visit, assert_accessible: Check, server: FakeServer, settings: Any, tmp_path: Path
) -> None:
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "none"
    page = look("/search/?q=airway", javascript=False)
    expect(page.locator(".find-notice li")).to_have_text(query.UNAVAILABLE)
    expect(page.locator("h1")).to_have_text("Search is not available just now")
    expect(page.get_by_text("Leaving out one")).to_have_count(0)
    assert_accessible(page)
    if folder := os.environ.get("HUB_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/unavailable.png")
