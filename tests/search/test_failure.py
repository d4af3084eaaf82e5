"""While the server cannot answer, this machine does: at once, as well, and it says so."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search import query, sync
from search.engines import answering, selection
from search.engines.errand import Errand
from tests.factories.case_studies import make_case_study
from tests.search.conftest import titles
from tests.search.fake_server import FakeServer

# The server here is one that pretends; another test run would have nothing stand in for it.
pytestmark = [pytest.mark.usefixtures("db", "search_index"), pytest.mark.embedded_only]
FAULTS = ["refused", "black hole", "slow", "missing"]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The errands that would begin in the background; none does."""
    names: list[str] = []

    def start(self: Errand, *, again: bool = True) -> None:
        names.append(self._name)

    monkeypatch.setattr(Errand, "start", start)
    return names


@pytest.fixture
def server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: list[str], search_index: Any
) -> Iterator[FakeServer]:
    """A server that is set, with an index of one study, as this machine has it too."""
    fake = FakeServer(tmp_path / "server")
    monkeypatch.setattr(selection, "current_engine", lambda: fake)
    make_case_study("Airway course")
    sync.rebuild(fake)
    sync.rebuild(search_index)
    answering.breaker()
    fake.asked.clear()
    begun.clear()
    yield fake
    answering.forget()


def test_a_server_that_is_well_answers_without_a_word_about_it(find, server):
    results = find("q=airway")
    assert (titles(results), results.engine, results.notices) == (["Airway course"], "server", ())


@pytest.mark.parametrize("fault", FAULTS)
def test_the_same_request_is_answered_by_the_stand_in_within_the_budget(find, server, fault):
    well = find("q=airway&region=london")
    server.fault = fault
    begun_at = time.perf_counter()
    results = find("q=airway&region=london&year=2020")
    assert time.perf_counter() - begun_at < 1.5
    assert (results.total, results.engine) == (0, "embedded")
    results = find("q=airway&region=london")
    assert (results.total, results.facets) == (well.total, well.facets)
    assert results.notices == (query.STANDING_IN,)


@pytest.mark.parametrize("fault", FAULTS)
def test_no_visitor_asks_a_server_that_is_known_to_fail(find, server, fault, begun):
    server.fault = fault
    find("q=airway")
    asked = len(server.asked)
    begun_at = time.perf_counter()
    for _ in range(10):
        assert titles(find("q=airway")) == ["Airway course"]
    assert (time.perf_counter() - begun_at) / 10 < 0.5  # far below the time-out of one call
    assert len(server.asked) == asked
    assert begun.count("The search server's probe") >= 1


def test_a_visit_that_spent_its_budget_makes_no_other_call(find, server):
    server.fault = "slow"
    find("q=airway")
    assert len(server.asked) == 1
    assert answering.breaker().fault.cause == "slow"


def test_an_index_of_another_database_is_not_rebuilt_by_a_visitor(find, server, monkeypatch):
    monkeypatch.setattr(sync, "rebuild", lambda *_, **__: pytest.fail("a visitor rebuilt it"))
    server.become_stale()
    assert find("q=airway").engine == "embedded"
    assert answering.breaker().fault.cause == "index"


def test_what_the_server_lacks_for_a_moment_is_found_all_the_same(find, server, begun):
    study = make_case_study("Ultrasound course")
    results = find("q=ultrasound")
    assert (titles(results), results.engine, results.notices) == ([study.title], "embedded", ())
    assert answering.breaker().fault is None
    assert "Following the journal" in begun
    sync.catch_up(server)
    assert find("q=ultrasound").engine == "server"


def test_a_stand_in_that_may_be_behind_says_so(find, server, monkeypatch):
    server.fault = "refused"
    make_case_study("Ultrasound course")
    with selection.embedded_engine().writing(1):  # somebody else writes, for long
        assert find("q=airway").notices == (query.MAY_BE_BEHIND,)
    assert find("q=ultrasound").notices == (query.STANDING_IN,)


def test_without_a_stand_in_search_says_so_and_one_is_made_in_the_background(
    find, server, begun, settings, tmp_path
):
    server.fault = "refused"
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "elsewhere"
    results = find("q=airway")
    assert (results.total, results.notices) == (0, (query.UNAVAILABLE,))
    assert "Making the stand-in's index" in begun
    answering._make_stand_in()
    assert titles(find("q=airway")) == ["Airway course"]


def test_the_probe_lets_visitors_back_only_to_a_server_that_holds_every_change(find, server):
    server.fault = "refused"
    find()
    make_case_study("Ultrasound course")
    for fault in FAULTS:
        server.fault = fault
        with pytest.raises(Exception, match=r"."):
            answering.require_well(server)
    server.fault = ""
    answering.require_well(server)
    answering.breaker().close()
    results = find("q=ultrasound")
    assert (titles(results), results.engine, results.notices) == (
        ["Ultrasound course"],
        "server",
        (),
    )


def test_a_search_costs_no_more_queries_than_with_the_embedded_engine(find, server, monkeypatch):
    def queries() -> int:
        find("q=airway&year=2020")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            find("q=airway&year=2020")
        return len(captured)

    with_server = queries()
    server.fault = "refused"
    with_stand_in = queries()
    monkeypatch.setattr(selection, "current_engine", selection.embedded_engine)
    assert with_server == with_stand_in == queries()


@pytest.mark.parametrize("fault", FAULTS)
def test_page_feed_api_suggestions_and_related_stay_well(server, client: Client, fault):
    server.fault = fault
    for address in (
        "/search/?q=airway",
        "/case-studies/?q=airway",
        "/case-studies/feed/?q=airway",
        "/case-studies/airway-course/",
        "/search/suggestions/?q=airw",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        assert b"irway" in response.content, address
    answer = client.get("/api/v1/case-studies/?q=airway").json()
    assert (answer["engine"], answer["total"]) == ("embedded", 1)
    assert query.STANDING_IN in answer["notices"]


def test_the_page_says_it_calmly_and_not_as_something_left_out(server, client: Client):
    server.fault = "refused"
    page = BeautifulSoup(client.get("/search/?q=airway").content, "html.parser")
    notice = page.select_one(".find-notice")
    assert notice.h2.get_text() == "About this search"
    assert [item.get_text() for item in notice.select("li")] == [query.STANDING_IN]
    page = BeautifulSoup(client.get("/search/?q=airway&page=x").content, "html.parser")
    assert len(page.select(".find-notice li")) == 2


def test_a_long_outage_fills_no_log(find, server, caplog):
    server.fault = "refused"
    with caplog.at_level(logging.INFO):
        for _ in range(25):
            find("q=airway")
    assert len([record for record in caplog.records if record.name.startswith("search")]) == 1
