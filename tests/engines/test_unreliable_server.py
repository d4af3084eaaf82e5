"""Whatever the server does, the engine says so in the project's own words, and in time."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from learning_hub.once import OnceAVisitMiddleware
from search.engines.elasticsearch import engine as engine_module
from search.engines.elasticsearch.connection import SECONDS_A_VISIT, Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.protocol import EngineUnavailable, IndexUnusable
from search.plan import Plan
from tests.engines import corpus
from tests.engines.proxy import Proxy, Reply
from tests.engines.test_contract import asking, document, fill

pytestmark = pytest.mark.slow
EVERYTHING = Plan(audience=("everything",), size=100)
HTML = {"Content-Type": "text/html", "X-Elastic-Product": "Elasticsearch"}
WRONG = {
    "an error": Reply(503, b'{"error":{"type":"no_shard_available_action_exception"}}'),
    "too busy": Reply(429, b'{"error":{"type":"es_rejected_execution_exception"}}'),
    "no longer let in": Reply(401, b'{"error":{"type":"security_exception"}}'),
    "not allowed": Reply(403, b'{"error":{"type":"security_exception"}}'),
    "a gateway's page": Reply(502, b"<html>Bad gateway", HTML),
    "a page": Reply(200, b"<html>Welcome", HTML),
    "a page that is not there": Reply(404, b"<html>Not found", HTML),
    "half of it": Reply(200, b'{"took": 3, "hits": {"total": {"val'),
    "broken off": Reply(200, b'{"took": 3, "hits": {}}', cut=9),
    "nothing": Reply(200, b""),
    "an empty object": Reply(200, b"{}"),
    "a list": Reply(200, b"[]"),
    "null": Reply(200, b"null"),
    "other types": Reply(200, b'{"timed_out": false, "hits": 3, "_source": [], "responses": 1}'),
    "no product": Reply(200, b"{}", {"Content-Type": "application/json"}),
}
CALLS: dict[str, Callable[[ElasticsearchEngine], object]] = {
    "state": lambda engine: engine.state(),
    "search": lambda engine: engine.search(asking("theatr", counted=("region",))),
    "count": lambda engine: engine.count(asking("theatr")),
    "known": lambda engine: engine.known(["theatr"]),
    "titled": lambda engine: engine.titled(["th"], asking()),
    "values": lambda engine: engine.values("region", (), ("public",)),
    "document": lambda engine: engine.document(1),
    "digests": lambda engine: engine.digests(),
    "whereabouts": lambda engine: engine.whereabouts(),
    "writing": lambda engine: engine.writing(0.05).__enter__(),
    "rebuilding": lambda engine: engine.rebuilding().__enter__(),
}


def through(proxy: Proxy, address: Address) -> ElasticsearchEngine:
    """An engine that asks the proxy, with as much patience as a visitor has."""
    asked = replace(address, urls=(proxy.url,), seconds_a_visit=SECONDS_A_VISIT)
    return ElasticsearchEngine(asked, corpus.SLOTS)


def black_hole() -> socket.socket:
    """A server that lets callers in and says nothing."""
    hole = socket.socket()
    hole.bind(("127.0.0.1", 0))
    hole.listen(64)
    return hole


@pytest.mark.parametrize("fault", WRONG)
def test_every_wrong_answer_is_unavailable_for_every_call(engine, address, proxy, fault):
    fill(engine, [document(1)])
    asked = through(proxy, address)
    asked.state()
    proxy.always(WRONG[fault])
    for name, call in CALLS.items():
        with pytest.raises(EngineUnavailable):
            print(name, call(asked))
    proxy.before = lambda method, path: None
    assert asked.search(EVERYTHING).total == 1, "it answers again as soon as the server does"


def test_an_index_that_goes_away_or_cannot_answer_is_unusable(engine, address, proxy):
    fill(engine, [document(1)])
    asked = through(proxy, address)
    asked.state()
    gone = {"error": {"type": "index_not_found_exception"}}
    odd = {"error": {"type": "search_phase_execution_exception", "reason": "No mapping found"}}
    for reply in (Reply(404, json.dumps(gone).encode()), Reply(400, json.dumps(odd).encode())):
        proxy.always(reply)
        with pytest.raises(IndexUnusable):
            asked.search(EVERYTHING)


def test_a_refused_connection_is_unavailable_at_once(proxy, address):
    asked = through(proxy, address)
    proxy.close()
    started = time.monotonic()
    with pytest.raises(EngineUnavailable):
        asked.search(EVERYTHING)
    assert time.monotonic() - started < 0.5


def test_all_calls_of_a_visit_share_one_time_out(address):
    with black_hole() as hole:
        url = f"http://127.0.0.1:{hole.getsockname()[1]}"
        hasty = replace(address, urls=(url,), seconds_a_visit=SECONDS_A_VISIT)
        asked = ElasticsearchEngine(hasty, corpus.SLOTS)

        def visit(request: object) -> HttpResponse:
            for _ in range(5):
                with pytest.raises(EngineUnavailable):
                    asked.search(EVERYTHING)
            return HttpResponse()

        started = time.monotonic()
        OnceAVisitMiddleware(visit)(RequestFactory().get("/search/"))
        assert SECONDS_A_VISIT * 0.8 < time.monotonic() - started < 1.5


def test_an_answer_that_dribbles_is_given_up_in_time(engine, address, proxy):
    fill(engine, [document(1)])
    asked = through(proxy, address)
    asked.state()
    proxy.always(Reply(200, b" " * 40 + b"{}", dribble=0.2))
    started = time.monotonic()
    with pytest.raises(EngineUnavailable):
        asked.search(EVERYTHING)
    assert time.monotonic() - started < 1.5


def test_slow_words_cost_a_search_little_and_never_fail_it(engine, address, proxy, monkeypatch):
    fill(engine, [document(1, "Zinc")])
    asked = through(proxy, address)
    assert asked.words("zi") == {"zinc": 1}
    with asked.writing(1) as writer:
        writer.replace([2], [document(2, "Zinc")])
        writer.commit(2, "history")
    proxy.before = lambda method, path: Reply(after=0.5) if "_search" in path else None
    started = time.monotonic()
    assert asked.words("zi") == {"zinc": 1}, "what was known last"
    assert asked.words("th") == {}
    assert time.monotonic() - started < 0.45, "nobody asks again soon"
    proxy.before = lambda method, path: None
    monkeypatch.setattr(asked, "_no_words_until", 0.0)
    assert asked.words("zi") == {"zinc": 2}


def test_few_calls_are_made_for_a_search(engine, address, proxy):
    fill(engine, [document(1, facets={"year": ("2021",)})])
    asked = through(proxy, address)

    def search() -> int:
        before = len(proxy.requests)
        asked.state(at_least=1)
        asked.known(["theatr", "unheard"])
        asked.search(asking("theatr", counted=("year",)))
        asked.values("year", (), ("public",))
        asked.words("th")
        return len(proxy.requests) - before

    assert search() == 5
    assert search() == 1
    asked.state(at_least=2)
    assert "/_doc/state" in proxy.requests[-1]


def test_a_killed_node_costs_no_answer(engine, address, proxy):
    fill(engine, [document(1)])
    dead = Proxy()
    dead.close()
    both = replace(address, urls=(dead.url, proxy.url))
    for _ in range(4):
        asked = ElasticsearchEngine(both, corpus.SLOTS)
        assert [asked.search(EVERYTHING).total for _ in range(4)] == [1] * 4


def test_a_change_keeps_a_visitor_no_longer_than_a_search(engine, address, proxy):
    fill(engine, [document(1)])
    asked = through(proxy, address)

    def write() -> None:
        with asked.writing(0.5) as writer:
            writer.replace([2], [document(2)])
            writer.commit(2, "history")

    def visit(request: object) -> HttpResponse:
        with pytest.raises(EngineUnavailable):
            write()
        return HttpResponse()

    proxy.before = lambda method, path: Reply(after=5.0) if "_bulk" in path else None
    started = time.monotonic()
    OnceAVisitMiddleware(visit)(RequestFactory().get("/search/"))
    assert time.monotonic() - started < 1.8
    proxy.before = lambda method, path: None
    write()
    assert asked.search(EVERYTHING).total == 2


def busy(proxy: Proxy, every: int, times: int) -> None:
    """Answer the first bulk request with 429, and in so many others so many items."""
    seen = {"bulk": 0}

    def meddle(method: str, path: str, reply: Reply) -> Reply:
        if "_bulk" not in path:
            return reply
        seen["bulk"] += 1
        if seen["bulk"] == 1:
            return Reply(429, b'{"error":{"type":"es_rejected_execution_exception"}}')
        if seen["bulk"] > times:
            return reply
        answer = json.loads(reply.body)
        for item in answer["items"][::every]:
            ((_, result),) = item.items()
            result |= {"status": 429, "error": {"type": "es_rejected", "reason": "queue is full"}}
        answer["errors"] = True
        return Reply(200, json.dumps(answer).encode())

    proxy.meddle = meddle


def test_what_the_server_is_too_busy_for_is_sent_again(address, proxy):
    asked = through(proxy, address)
    busy(proxy, every=7, times=4)
    fill(asked, corpus.documents(1, 60))
    assert len([path for path in proxy.requests if "_bulk" in path]) >= 5
    assert asked.search(EVERYTHING).total == 60


@pytest.mark.parametrize(
    ("status", "problem"),
    [(429, EngineUnavailable), (400, IndexUnusable), (503, EngineUnavailable)],
)
def test_a_page_that_is_not_taken_stops_a_rebuild_clearly(
    engine, address, proxy, monkeypatch, status, problem
):
    fill(engine, [document(1)])
    monkeypatch.setattr("search.engines.elasticsearch.bulk._FIRST_PAUSE", 0.001)
    asked = through(proxy, address)

    def meddle(method: str, path: str, reply: Reply) -> Reply:
        if "_bulk" not in path:
            return reply
        answer = json.loads(reply.body)
        error = {"type": "odd", "reason": "it is odd"}
        answer["items"][-1]["index"] |= {"status": status, "error": error}
        answer["errors"] = True
        return Reply(200, json.dumps(answer).encode())

    proxy.meddle = meddle
    with pytest.raises(problem, match=r"page \d+: odd: it is odd"):
        fill(asked, corpus.documents(1, 5))
    assert engine.search(EVERYTHING).total == 1
    proxy.meddle = lambda method, path, reply: reply
    fill(asked, corpus.documents(1, 5))


def test_nothing_secret_is_logged_or_said(address, proxy, caplog):
    caplog.set_level(logging.DEBUG)
    secret = replace(address, urls=(proxy.url,), username="hub", password="open-sesame")
    proxy.always(Reply(401, b"{}"))
    with pytest.raises(EngineUnavailable) as raised:
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
