"""Nodes of a cluster of three are killed under load: no request fails, no document is lost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from statistics import median

import pytest

from search.digest import digest_of
from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.protocol import Answer, EngineUnavailable, WriterBusy
from search.plan import Plan
from tests.engines import corpus
from tests.outages.searching import Stream
from tests.plugins.elasticsearch import ElasticsearchServer

ROUNDS = 20
A_SECOND = 20  # searches
DOCUMENTS = 2_000
WRITTEN_A_ROUND = 25


@pytest.fixture
def engine(elasticsearch_cluster: ElasticsearchServer) -> Iterator[ElasticsearchEngine]:
    """An index of one replica on all three nodes."""
    address = Address(tuple(elasticsearch_cluster.urls), index="killed", replicas=1)
    made = ElasticsearchEngine(address, corpus.SLOTS)
    with made.rebuilding() as builder:
        builder.replace([], corpus.documents(1, DOCUMENTS))
        builder.commit(1, "history")
        with builder.switching():
            pass
    elasticsearch_cluster.wait_until_whole()
    yield made
    elasticsearch_cluster.remove("killed")


def timed(search: Callable[[Plan], Answer], plans: Sequence[Plan]) -> Callable[[int], float]:
    """Searches by one plan after the other; returns how many seconds it took."""

    def ask(number: int) -> float:
        began = time.perf_counter()
        search(plans[number % len(plans)])
        return time.perf_counter() - began

    return ask


def write_until_accepted(engine: ElasticsearchEngine, sequence: int) -> int:
    """Change some documents; how often it took, as a worker would go on trying."""
    documents = corpus.documents(sequence, WRITTEN_A_ROUND)
    for tries in count(1):
        try:
            with engine.writing(5) as writer:
                writer.replace([each.id for each in documents], documents)
                writer.commit(sequence, "history")
        except (EngineUnavailable, WriterBusy):
            time.sleep(0.2)
        else:
            return tries
    raise AssertionError("never reached")


def test_killed_nodes_cost_no_request_and_no_document(
    elasticsearch_cluster: ElasticsearchServer, engine: ElasticsearchEngine
) -> None:
    dice = random.Random(6)
    wanted = {each.id: digest_of(each) for each in corpus.documents(1, DOCUMENTS)}
    plans = [corpus.plan(number) for number in range(50)]
    tries = 0
    with Stream(timed(engine.search, plans), A_SECOND) as stream:
        for sequence in range(2, ROUNDS + 2):
            number = dice.randrange(3)
            time.sleep(dice.uniform(0.5, 1.5))
            elasticsearch_cluster.kill_node(number)
            tries += write_until_accepted(engine, sequence)
            wanted |= {
                each.id: digest_of(each) for each in corpus.documents(sequence, WRITTEN_A_ROUND)
            }
            time.sleep(1)
            elasticsearch_cluster.start_node(number)
    failed = [asked.exception() for asked in stream.asked if asked.exception()]
    times = sorted(asked.result() * 1_000 for asked in stream.asked if not asked.exception())
    held = engine.digests()
    lost = [id for id, digest in wanted.items() if held.get(id) != digest]
    print(
        f"\n{ROUNDS} nodes killed, {len(stream.asked)} searches, {len(failed)} failed, "
        f"median {median(times):.0f} ms, slowest {times[-1]:.0f} ms, "
        f"{tries} tries for {ROUNDS} writes, {len(lost)} of {len(wanted)} documents lost"
    )
    assert not failed, failed[:3]
    assert not lost
    assert held.keys() == wanted.keys()
