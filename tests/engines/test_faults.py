"""Every fault of a server, met by every method of the engine: told in our words, and in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch

from search.engines.elasticsearch import bulk
from search.engines.elasticsearch.connection import SECONDS_A_VISIT, Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.protocol import EngineUnavailable, IndexUnusable
from search.plan import Plan
from tests.engines import corpus
from tests.engines.replies import HTML, reply
from tests.engines.test_contract import asking, document, fill
from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import FAULTS, Fault

pytestmark = pytest.mark.slow
EVERYTHING = Plan(audience=("everything",), size=100)
# How much longer than its own time a call may take.
SPARE_SECONDS = 1.2
OWN_SECONDS = 0.4
MORE_FAULTS = {
    "a page": reply(200, b"<html>Welcome", HTML),
    "a page that is not there": reply(404, b"<html>Not found", HTML),
    "not found, by another product": reply(404, b'{"found": false}', product=""),
    "an empty object": reply(200, b"{}"),
    "a list": reply(200, b"[]"),
    "null": reply(200, b"null"),
    "other types": reply(200, b'{"timed_out": false, "hits": 3, "_source": [], "responses": 1}'),
}
EVERY_FAULT: dict[str, Fault] = {**{str(fault): fault for fault in FAULTS}, **MORE_FAULTS}


def write(engine: ElasticsearchEngine) -> None:
    """Change something, and commit."""
    with engine.writing(0.05) as writer:
        writer.replace([2], [document(2)])
        writer.commit(2, "history")


CALLS: dict[str, Callable[[ElasticsearchEngine], object]] = {
    "state": lambda engine: engine.state(),
    "search": lambda engine: engine.search(asking("theatr", counted=("region",))),
    "count": lambda engine: engine.count(asking("theatr")),
    "known": lambda engine: engine.known(["theatr"]),
    "titled": lambda engine: engine.titled(["th"], asking()),
    "values": lambda engine: engine.values(["region"], (), ("public",)),
    "document": lambda engine: engine.document(1),
    "digests": lambda engine: engine.digests(),
    "whereabouts": lambda engine: engine.whereabouts(),
    "writing": write,
    "rebuilding": lambda engine: fill(engine, [document(1)]),
}
# What is read by its number comes from one shard, whole or not at all.
NEVER_IN_PART = {"state", "document"}


def hasty(proxy: FaultProxy, address: Address, seconds: float = OWN_SECONDS) -> ElasticsearchEngine:
    """An engine that asks the proxy and has so little time for each call."""
    asked = replace(address, urls=(proxy.url,), seconds_a_visit=seconds, seconds_a_change=seconds)
    return ElasticsearchEngine(asked, corpus.SLOTS)


def seconds_of(call: Callable[[ElasticsearchEngine], object], engine: ElasticsearchEngine) -> float:
    """How long it took until it said that it cannot answer."""
    began = time.monotonic()
    with pytest.raises((EngineUnavailable, IndexUnusable)):
        print("answered", call(engine))
    return time.monotonic() - began


def believe(engine: ElasticsearchEngine, other: ElasticsearchEngine) -> None:
    """Let the engine know of the index what the other has read, as if just now."""
    assert other._opened is not None
    engine._opened = replace(other._opened, read_at=time.monotonic(), known={}, values={})


@pytest.mark.parametrize("name", EVERY_FAULT)
def test_every_fault_is_told_in_our_words_and_in_time_by_every_call(
    engine, address, fault_proxy, name
):
    fill(engine, [document(1)])
    quiet = ElasticsearchEngine(replace(address, urls=(fault_proxy.url,)), corpus.SLOTS)
    quiet.state()  # the client knows by now that it is Elasticsearch
    asked = hasty(fault_proxy, address)
    asked._connection._clients = quiet._connection._clients
    in_part = NEVER_IN_PART if name == str(faults.PARTIAL) else set()
    took: dict[str, float] = {}
    with fault_proxy.failing(EVERY_FAULT[name]):
        for call in CALLS.keys() - in_part:
            believe(asked, quiet)
            took[call] = seconds_of(CALLS[call], asked)
        believe(asked, quiet)
        assert asked.words("th") == {}, "words are a courtesy"
    print(f"{name}: at most {max(took.values()):.2f} s")
    assert max(took.values()) < OWN_SECONDS + SPARE_SECONDS, took
    quiet._opened = None
    assert quiet.search(EVERYTHING).total in (1, 2), "it answers as soon as the server does"


@pytest.mark.parametrize("fault", [faults.DRIP, faults.drip(0.01)], ids=str)
def test_no_drip_outlasts_the_time_of_a_visit(engine, address, fault_proxy, fault):
    fill(engine, [document(1, body="theatre " * 400)])
    asked = hasty(fault_proxy, address, SECONDS_A_VISIT)
    asked.state()
    with fault_proxy.failing(fault):
        took = seconds_of(CALLS["search"], asked)
    assert SECONDS_A_VISIT * 0.9 < took < SECONDS_A_VISIT + SPARE_SECONDS


def serving(address: Address) -> Mapping[str, object]:
    """The index behind the alias."""
    with Elasticsearch(list(address.urls)) as client:
        return dict(client.indices.get_alias(name=address.index))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_rebuild_that_meets_a_fault_leaves_the_serving_index_alone(
    engine, address, fault_proxy, monkeypatch, fault
):
    monkeypatch.setattr(bulk, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(bulk, "_LONGEST_PAUSE", 0.001)
    fill(engine, corpus.documents(1, 3))
    before, found = serving(address), engine.search(EVERYTHING)
    asked = hasty(fault_proxy, address, seconds=3.0)
    # To write is never answered in part, to show what was written may be.
    with fault_proxy.failing(fault, "_refresh" if fault is faults.PARTIAL else "_bulk"):
        seconds_of(lambda engine: fill(engine, corpus.documents(2, 5)), asked)
    assert serving(address) == before
    assert engine.search(EVERYTHING) == found


@pytest.mark.parametrize("fault", [faults.UNAVAILABLE, faults.TRUNCATED, faults.SILENT], ids=str)
def test_a_switch_that_meets_a_fault_leaves_one_index_that_answers_whole(
    engine, address, fault_proxy, fault
):
    fill(engine, corpus.documents(1, 3))
    asked = hasty(fault_proxy, address, seconds=3.0)
    with fault_proxy.failing(fault, "_aliases"):
        seconds_of(lambda engine: fill(engine, corpus.documents(2, 5)), asked)
    assert len(serving(address)) == 1
    # Half an answer to a switch was still a switch.
    assert engine.search(EVERYTHING).total == (5 if fault is faults.TRUNCATED else 3)
