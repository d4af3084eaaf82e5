"""Whatever the server does, the engine says so in the project's own words, and in time."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from learning_hub.once import OnceAVisitMiddleware
from search.engines.elasticsearch import engine as engine_module
from search.engines.elasticsearch.connection import SECONDS_A_VISIT, Address, client_of
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.protocol import EngineUnavailable, IndexUnusable
from search.plan import Plan
from tests.engines import corpus
from tests.engines.replies import error, meddled
from tests.engines.test_contract import asking, document, fill
from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Fault

pytestmark = pytest.mark.slow
EVERYTHING = Plan(audience=("everything",), size=100)


def through(proxy: FaultProxy, address: Address) -> ElasticsearchEngine:
    """An engine that asks the proxy, with as much patience as a visitor has."""
    asked = replace(address, urls=(proxy.url,), seconds_a_visit=SECONDS_A_VISIT)
    return ElasticsearchEngine(asked, corpus.SLOTS)


def test_an_index_that_goes_away_or_cannot_answer_is_unusable(engine, address, fault_proxy):
    fill(engine, [document(1)])
    asked = through(fault_proxy, address)
    asked.state()
    gone = error(404, "index_not_found_exception")
    odd = error(400, "search_phase_execution_exception", "No mapping found")
    for fault in (gone, odd):
        with fault_proxy.failing(fault), pytest.raises(IndexUnusable):
            asked.search(EVERYTHING)


def test_a_refused_connection_is_unavailable_at_once(address, fault_proxy):
    asked = through(fault_proxy, address)
    started = time.monotonic()
    with fault_proxy.failing(faults.REFUSED), pytest.raises(EngineUnavailable):
        asked.search(EVERYTHING)
    assert time.monotonic() - started < 0.5


def test_all_calls_of_a_visit_share_one_time_out(address, fault_proxy):
    asked = through(fault_proxy, address)
    with fault_proxy.failing(faults.SILENT):

        def visit(request: object) -> HttpResponse:
            for _ in range(5):
                with pytest.raises(EngineUnavailable):
                    asked.search(EVERYTHING)
            return HttpResponse()

        started = time.monotonic()
        OnceAVisitMiddleware(visit)(RequestFactory().get("/search/"))
        assert SECONDS_A_VISIT * 0.8 < time.monotonic() - started < 1.5


def searches(proxy: FaultProxy) -> int:
    """How many searches have come to the proxy."""
    return sum("_search" in path for path in proxy.requests)


def test_slow_words_cost_a_search_little_and_never_fail_it(
    engine, address, fault_proxy, monkeypatch
):
    fill(engine, [document(1, "Zinc")])
    asked = through(fault_proxy, address)
    assert asked.words("zi") == {"zinc": 1}
    with asked.writing(1) as writer:
        writer.replace([2], [document(2, "Zinc")])
        writer.commit(2, "history")
    started = time.monotonic()
    with fault_proxy.failing(faults.slow(0.5), "_search"):
        assert asked.words("zi") == {"zinc": 1}, "what was known last, before the server answered"
        before = searches(fault_proxy)
        assert asked.words("th") == {}
        assert searches(fault_proxy) == before, "nobody asks again soon"
        assert time.monotonic() - started < 0.45
    monkeypatch.setattr(asked, "_no_words_until", 0.0)
    assert asked.words("zi") == {"zinc": 2}


def test_few_calls_are_made_for_a_search(engine, address, fault_proxy):
    fill(engine, [document(1, facets={"year": ("2021",)})])
    asked = through(fault_proxy, address)

    def search() -> int:
        before = len(fault_proxy.requests)
        asked.state(at_least=1)
        asked.known(["theatr", "unheard"])
        asked.search(asking("theatr", counted=("year",)))
        asked.values(["year"], (), ("public",))
        asked.words("th")
        return len(fault_proxy.requests) - before

    assert search() == 5
    assert search() == 1
    asked.state(at_least=2)
    assert "/_doc/state" in fault_proxy.requests[-1]


def test_a_killed_node_costs_no_answer(engine, address, fault_proxy):
    fill(engine, [document(1)])
    both = replace(address, urls=("http://127.0.0.1:1", fault_proxy.url))
    for _ in range(4):
        asked = ElasticsearchEngine(both, corpus.SLOTS)
        assert [asked.search(EVERYTHING).total for _ in range(4)] == [1] * 4


def test_a_node_that_failed_often_is_asked_again_after_five_seconds(address):
    client = client_of(replace(address, urls=("http://127.0.0.1:1", "http://127.0.0.1:2")))
    pool = client.transport.node_pool
    failed = pool.all()[0]
    for long_ago in range(9):
        pool.mark_dead(failed, _now=long_ago)
        pool.get()
    pool.mark_dead(failed, _now=time.time() - 5)
    assert failed in [pool.get() for _ in range(4)]


def test_a_change_keeps_a_visitor_no_longer_than_a_search(engine, address, fault_proxy):
    fill(engine, [document(1)])
    asked = through(fault_proxy, address)

    def write() -> None:
        with asked.writing(0.5) as writer:
            writer.replace([2], [document(2)])
            writer.commit(2, "history")

    def visit(request: object) -> HttpResponse:
        with pytest.raises(EngineUnavailable):
            write()
        return HttpResponse()

    started = time.monotonic()
    with fault_proxy.failing(faults.SLOW, "_bulk"):
        OnceAVisitMiddleware(visit)(RequestFactory().get("/search/"))
    assert time.monotonic() - started < 1.8
    write()
    assert asked.search(EVERYTHING).total == 2


def busy(every: int, times: int) -> Fault:
    """Answers the first request with 429, and in so many others so many items."""
    seen = {"bulk": 0}

    def change(answer: Any) -> Fault | None:
        seen["bulk"] += 1
        if seen["bulk"] == 1:
            return faults.TOO_MANY
        if seen["bulk"] <= times:
            answer["errors"] = True
            for item in answer["items"][::every]:
                ((_, result),) = item.items()
                said = {"type": "es_rejected", "reason": "queue is full"}
                result |= {"status": 429, "error": said}
        return None

    return meddled(change)


def test_what_the_server_is_too_busy_for_is_sent_again(address, fault_proxy):
    asked = through(fault_proxy, address)
    with fault_proxy.failing(busy(every=7, times=4), "_bulk"):
        fill(asked, corpus.documents(1, 60))
    assert len([path for path in fault_proxy.requests if "_bulk" in path]) >= 5
    assert asked.search(EVERYTHING).total == 60


@pytest.mark.parametrize(
    ("status", "problem"),
    [(429, EngineUnavailable), (400, IndexUnusable), (503, EngineUnavailable)],
)
def test_a_page_that_is_not_taken_stops_a_rebuild_clearly(
    engine, address, fault_proxy, monkeypatch, status, problem
):
    fill(engine, [document(1)])
    monkeypatch.setattr("search.engines.elasticsearch.bulk._FIRST_PAUSE", 0.001)
    asked = through(fault_proxy, address)

    def change(answer: Any) -> None:
        said = {"type": "odd", "reason": "it is odd"}
        answer["items"][-1]["index"] |= {"status": status, "error": said}
        answer["errors"] = True

    with (
        fault_proxy.failing(meddled(change), "_bulk"),
        pytest.raises(problem, match=r"page \d+: odd: it is odd"),
    ):
        fill(asked, corpus.documents(1, 5))
    assert engine.search(EVERYTHING).total == 1
    fill(asked, corpus.documents(1, 5))


def test_nothing_secret_is_logged_or_said(address, fault_proxy, caplog):
    caplog.set_level(logging.DEBUG)
    secret = replace(address, urls=(fault_proxy.url,), username="hub", password="open-sesame")
    with fault_proxy.failing(faults.UNAUTHORISED), pytest.raises(EngineUnavailable) as raised:
        ElasticsearchEngine(secret, corpus.SLOTS).state()
    assert "open-sesame" not in caplog.text + str(raised.value) + repr(secret)


def test_a_page_that_lies_deep_is_found_from_the_other_end(engine, monkeypatch):
    fill(engine, corpus.documents(1, 60))
    plan = Plan(audience=("everything",), order="published", counted=("region",), size=60)
    whole = engine.search(plan)
    monkeypatch.setattr("search.engines.elasticsearch.mapping.MAX_WINDOW", 35)
    for start in (0, 28, 35, 50, 56, 60, 1_000_000_000):
        found = engine.search(replace(plan, start=start, size=7))
        assert found.matches == whole.matches[start : start + 7], start
        assert (found.total, found.counts) == (60, whole.counts)


def test_digests_are_read_so_many_at_a_time(engine, monkeypatch):
    fill(engine, corpus.documents(1, 23))
    monkeypatch.setattr(engine_module, "_DIGESTS_A_TIME", 5)
    assert engine.digests().keys() == set(range(1, 24))
