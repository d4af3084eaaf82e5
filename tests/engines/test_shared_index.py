"""Machines share one Elasticsearch index: one writes at a time, no late writer does harm."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from elasticsearch import Elasticsearch

from learning_hub.once import OnceAVisitMiddleware
from search.contract import SearchDocument
from search.engines.elasticsearch import generations, locks
from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.protocol import EngineUnavailable, IndexUnusable, WriterBusy
from search.plan import Plan
from tests.engines import corpus
from tests.engines.replies import meddled, reply
from tests.engines.test_contract import document, fill
from tests.servers import faults

pytestmark = pytest.mark.slow
EVERYTHING = Plan(audience=("everything",), size=100)
FORK = multiprocessing.get_context("fork")


def of(address: Address) -> ElasticsearchEngine:
    """The engine of another machine."""
    return ElasticsearchEngine(address, corpus.SLOTS)


def indices(address: Address) -> list[str]:
    """The indices behind the alias and beside it."""
    with Elasticsearch(list(address.urls)) as client:
        return sorted(client.indices.get(index=f"{address.index}-*"))


def titles(engine: ElasticsearchEngine) -> dict[int, str]:
    return {match.id: match.title for match in engine.search(EVERYTHING).matches}


def put(engine: ElasticsearchEngine, sequence: int, *documents: SearchDocument) -> None:
    with engine.writing(5) as writer:
        writer.replace([], documents)
        writer.commit(sequence, "history")


def add(address: Address, document: SearchDocument) -> None:
    """Add one document and count one change, as a process of another machine does."""
    with of(address).writing(60) as writer:
        writer.replace([document.id], [document])
        writer.commit(writer.state.sequence + 1, "history")


def die(address: Address) -> None:
    """Begin to write, and be gone."""
    with of(address).writing(5) as writer:
        writer.replace([1], [document(1, "Half")])
        os._exit(9)


def test_many_processes_write_in_turn_and_lose_nothing(engine, address):
    fill(engine, [])
    documents = corpus.documents(1, 5)
    writers = [FORK.Process(target=add, args=(address, document)) for document in documents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 5
    assert engine.state().sequence == 1 + 5
    assert engine.search(EVERYTHING).total == 5


def test_a_second_writer_and_a_second_rebuild_are_told_that_one_is_busy(engine, address):
    fill(engine, [document(1)])
    with engine.writing(5), pytest.raises(WriterBusy), of(address).writing(0.05):
        pass
    with engine.rebuilding(), pytest.raises(WriterBusy), of(address).rebuilding():
        pass
    with of(address).writing(0.05), of(address).rebuilding():
        pass


def test_a_writer_that_dies_leaves_the_last_commit_and_frees_its_lock(engine, address, monkeypatch):
    fill(engine, [document(1, "Whole")])
    monkeypatch.setattr(locks, "LEASE_SECONDS", 2.0)
    dying = FORK.Process(target=die, args=(address,))
    dying.start()
    dying.join()
    assert dying.exitcode == 9
    with pytest.raises(WriterBusy), engine.writing(0.05):
        pass
    assert titles(engine) == {1: "Whole"}
    put(engine, 2, document(2, "Next"))
    assert titles(engine) == {1: "Whole", 2: "Next"}


def test_a_writer_that_was_held_up_overwrites_nothing_newer(engine, address, monkeypatch):
    fill(engine, [document(1, "First"), document(2, "First"), document(3, "First")])
    monkeypatch.setattr(locks, "LEASE_SECONDS", 0.0)
    late = engine.writing(5)
    writer = late.__enter__()
    writer.replace([1, 2], [document(1, "Late"), document(2, "Late")])
    with of(address).writing(5) as other:
        other.replace([1, 2], [document(1, "Newer")])
        other.commit(7, "history")
    with pytest.raises(WriterBusy):
        writer.commit(6, "history")
    with pytest.raises(WriterBusy):  # nor where it does not notice that its lock is gone
        writer._send([(1, document(1, "Late"))], 6)
    with pytest.raises(WriterBusy):
        writer._send([(2, document(2, "Late"))], 6)
    late.__exit__(None, None, None)
    engine._opened = None
    assert titles(engine) == {1: "Newer", 3: "First"}
    assert engine.state().sequence == 7


def test_the_state_is_written_over_by_none_but_who_has_read_it(engine, address, monkeypatch):
    fill(engine, [document(1)])
    monkeypatch.setattr(locks, "LEASE_SECONDS", 0.0)
    monkeypatch.setattr(locks.Lock, "renew", lambda self: None)
    late = engine.writing(5)
    writer = late.__enter__()
    put(of(address), 9)
    with pytest.raises(WriterBusy):
        writer.commit(8, "history")
    late.__exit__(None, None, None)
    assert engine.state().sequence == 9


def test_a_writer_and_a_rebuild_wait_longer_than_a_visitor(address, fault_proxy):
    slow = replace(address, urls=(fault_proxy.url,), seconds_a_visit=0.15)
    patient = of(slow)
    with fault_proxy.failing(faults.slow(0.3), "locks|_doc/state|_settings"):
        fill(patient, [document(1)])
        put(patient, 2, document(2))

        def visit(request: object) -> HttpResponse:
            with pytest.raises(EngineUnavailable), patient.writing(0.05):
                pass
            return HttpResponse()

        OnceAVisitMiddleware(visit)(RequestFactory().get("/search/"))
    assert of(address).search(EVERYTHING).total == 2


@pytest.mark.parametrize("is_switched", [True, False])
def test_a_switch_that_no_node_confirms_is_looked_at(engine, address, fault_proxy, is_switched):
    fill(engine, corpus.documents(1, 3))
    serving = indices(address)

    def unconfirmed(found: dict) -> None:
        found["acknowledged"] = False

    without = reply(200, '{"acknowledged": false}')
    fault = meddled(unconfirmed) if is_switched else without
    asked = of(replace(address, urls=(fault_proxy.url,)))
    with fault_proxy.failing(fault, "/_aliases"):
        if is_switched:
            fill(asked, corpus.documents(2, 5))
        else:
            with pytest.raises(EngineUnavailable, match="did not let the new index answer"):
                fill(asked, corpus.documents(2, 5))
    assert engine.search(EVERYTHING).total == (5 if is_switched else 3)
    assert len(indices(address)) == 1
    assert (indices(address) == serving) is not is_switched


def test_what_is_known_is_asked_of_the_new_index_once_the_old_is_gone(engine, address):
    fill(engine, [document(1)])
    assert engine.known(["theatr"]) == {"theatr"}
    fill(of(address), [document(1, "Zinc")])
    assert engine.known(["theatr", "zinc"]) == {"zinc"}


def test_readers_go_on_while_an_index_is_made_and_switch_at_once(engine, address):
    fill(engine, corpus.documents(1, 3))
    reader = of(address)
    with engine.rebuilding() as builder:
        builder.replace([], corpus.documents(2, 5))
        builder.commit(2, "history")
        assert reader.search(EVERYTHING).total == 3
        with builder.switching(), pytest.raises(WriterBusy), reader.writing(0.05):
            pass
    assert len(indices(address)) == 1
    assert reader.search(EVERYTHING).total == 5


def test_a_rebuild_that_fails_half_way_leaves_the_index_that_answers(engine, address):
    fill(engine, corpus.documents(1, 3))
    before = indices(address)

    def give_up() -> None:
        with engine.rebuilding() as builder:
            builder.replace([], corpus.documents(2, 20))
            builder.commit(2, "history")
            with builder.switching():
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert indices(address) == before
    assert engine.search(EVERYTHING).total == 3


def test_what_a_dead_rebuild_left_is_removed_and_nothing_else(engine, address):
    longer = replace(address, index=f"{address.index}-more")
    other = fill(of(longer), corpus.documents(1, 2))
    fill(engine, corpus.documents(1, 3))
    left = generations.make(engine._connection, engine._facets, engine._fingerprint)
    assert left in indices(address)
    fill(engine, corpus.documents(1, 4))
    kept = indices(address)
    assert left not in kept
    assert len(kept) == 2, "one of each"
    assert other.search(EVERYTHING).total == 2
    assert engine.search(EVERYTHING).total == 4
    generations.remove_all(longer)
    assert len(indices(address)) == 1


def test_an_index_of_other_facets_or_of_others_is_not_answered_from(engine, address):
    with pytest.raises(IndexUnusable, match="no search index"):
        engine.state()
    with pytest.raises(IndexUnusable), engine.writing(1):
        pass
    fill(engine, [])
    with pytest.raises(IndexUnusable, match="another version"):
        ElasticsearchEngine(address, {**corpus.SLOTS, "new": 4}).state()
    foreign = replace(address, index=f"{address.index}-foreign")
    with Elasticsearch(list(address.urls)) as client:
        client.indices.create(index=f"{address.index}-theirs", aliases={foreign.index: {}})
    with pytest.raises(IndexUnusable, match="no index of this site"):
        of(foreign).state()


def test_no_late_writer_makes_a_removed_index_anew(engine, address):
    fill(engine, [document(1)])
    with engine.writing(1) as writer:
        writer.replace([], [document(2)])
        with Elasticsearch(list(address.urls)) as client:
            client.indices.delete(index=writer._held.index)
        with pytest.raises(IndexUnusable):
            writer.commit(2, "history")
    assert indices(address) == []


def test_the_server_makes_indices_that_are_missing_as_most_servers_do(address):
    """What the tests about indices made by nobody rely on."""
    with Elasticsearch(list(address.urls)) as client:
        client.index(index=f"{address.index}-by-itself", document={})
    assert indices(address) == [f"{address.index}-by-itself"]


def of_locks(address: Address) -> dict:
    """The index that holds the locks, as the server describes it."""
    with Elasticsearch(list(address.urls)) as client:
        return client.indices.get(index=f"{address.index}.locks").body[f"{address.index}.locks"]


def test_the_locks_are_hidden_with_as_many_copies_as_were_set_from_the_first(engine, address):
    fill(engine, [document(1)])
    made = of_locks(address)
    assert made["settings"]["index"]["hidden"] == "true"
    assert made["settings"]["index"]["number_of_replicas"] == str(address.replicas)
    assert made["mappings"]["dynamic"] == "false"


def test_locks_that_were_removed_or_made_without_an_alias_are_mended(engine, address):
    fill(engine, [document(1)])
    with Elasticsearch(list(address.urls)) as client:
        client.indices.delete(index=f"{address.index}.locks")
        put(engine, 2, document(2))
        assert of_locks(address)["settings"]["index"]["hidden"] == "true"
        client.indices.delete_alias(index=f"{address.index}.locks", name=f"{address.index}.lock")
    put(engine, 3, document(3))
    assert titles(engine).keys() == {1, 2, 3}
