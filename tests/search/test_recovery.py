"""With real threads: an outage costs no editor and no visitor anything, and ends by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.http import QueryDict

from case_studies.facets import library
from search import query, sync, synonyms
from search.contract import SearchResults
from search.engines import answering, selection
from search.models import JournalPosition
from search.request import parse
from tests.factories.case_studies import make_case_study
from tests.search.fake_server import FakeServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def find(address: str = "") -> SearchResults:
    request, _ = parse(library(), QueryDict(address))
    return query.run(library(), request)


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


@pytest.fixture
def server(
    database_for_threads: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeServer]:
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "stand-in"
    fake = FakeServer(tmp_path / "server")
    make_case_study("Airway course")
    sync.rebuild(fake)
    sync.rebuild(selection.embedded_engine())
    monkeypatch.setattr(selection, "current_engine", lambda: fake)
    answering.breaker()
    synonyms.forget()
    yield fake
    fake.fault = ""
    guard = answering._guards[0]
    guard.breaker.give_up()
    assert guard.breaker.wait(10)
    assert guard.following.wait(5)
    assert answering._making.wait(20)
    answering.forget()
    synonyms.forget()


def test_publishing_reaches_both_indices_and_waits_for_neither_server(server: FakeServer) -> None:
    make_case_study("Ultrasound course")
    number = JournalPosition.current().number
    assert selection.embedded_engine().state().sequence == number
    until(lambda: server._engine.state().sequence == number)
    assert find("q=ultrasound").engine == "server"


@pytest.mark.parametrize("fault", ["refused", "black hole", "missing"])
def test_an_outage_slows_no_publication_and_its_changes_arrive_afterwards(
    server: FakeServer, fault: str
) -> None:
    def seconds_to_publish(title: str) -> float:
        study = make_case_study(title)
        study.title = f"{title} again"
        revision = study.save_revision()
        begun = time.perf_counter()
        revision.publish()
        return time.perf_counter() - begun

    seconds_to_publish("Warm")
    well = min(seconds_to_publish(f"Well {each}") for each in range(3))
    until(lambda: sync.lag(server) == 0)
    server.fault = fault
    times = [seconds_to_publish(f"Down {each}") for each in range(3)]
    assert min(times) < well + 0.1
    assert max(times) < 1.0  # the time-out of the server is not in it
    assert find("q=down").engine == "embedded"
    assert find("q=down").total == 3
    server.fault = ""
    until(lambda: find("q=down").engine == "server", 30)
    assert find("q=down").total == 3


def test_twenty_visitors_at_once_are_all_answered_and_only_the_first_wait(
    server: FakeServer,
) -> None:
    def visit(_: int) -> tuple[float, int, str]:
        begun = time.perf_counter()
        try:
            results = find("q=airway")
        finally:
            connections.close_all()
        return time.perf_counter() - begun, results.total, results.engine

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(visit, range(20)))
        server.fault = "black hole"
        first = list(pool.map(visit, range(20)))
        asked = len(server.asked)
        later = list(pool.map(visit, range(60)))
    assert {(total, engine) for _, total, engine in first + later} == {(1, "embedded")}
    assert max(seconds for seconds, _, _ in first) < 2.5  # twenty at once on few cores
    visitors = [name for name in server.asked[asked:] if "ThreadPool" in name]
    assert visitors == []
    server.fault = ""
    until(lambda: find("q=airway").engine == "server", 30)


def test_recovery_needs_no_restart_and_no_visitor_probes(server: FakeServer) -> None:
    server.fault = "refused"
    find("q=airway")
    asked = len(server.asked)
    time.sleep(0.6)
    assert len(server.asked) > asked
    assert {*server.asked[asked:]} == {"The search server's probe"}
    server.fault = ""
    begun = time.monotonic()
    until(lambda: answering.breaker().fault is None, 30)
    assert time.monotonic() - begun < 6
    assert find("q=airway").engine == "server"
    assert threading.current_thread().name in server.asked


def test_a_server_that_becomes_stale_is_mended_by_the_worker(server: FakeServer) -> None:
    server.become_stale()
    assert find("q=airway").engine == "embedded"
    call_command("run_worker", "--once")
    until(lambda: find("q=airway").engine == "server", 30)
