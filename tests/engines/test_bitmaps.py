"""The embedded engine by bitmaps: right after every edit, crash and damage, in every process."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest

from search.contract import SearchDocument
from search.engines.embedded import folder as folders
from search.engines.embedded import writer as writers
from search.engines.embedded.bitmaps import at_least, bits_of, places_of
from search.engines.embedded.engine import EmbeddedEngine
from search.plan import Alternative, Clause, Plan
from tests.engines import corpus
from tests.engines.oracle import Oracle

PLANS = 25
EVERYONE = Plan(audience=("everything",), counted=tuple(corpus.FACETS), order="title")


def engine_in(folder: Path) -> EmbeddedEngine:
    """An engine that asks by bitmaps, however few documents there are."""
    return EmbeddedEngine(folder, corpus.SLOTS, fewest_documents=0, broad_share=1_000)


def fill(engine: EmbeddedEngine, documents: list[SearchDocument]) -> None:
    with engine.rebuilding() as builder:
        builder.replace([], documents)
        builder.commit(1, "history")
        with builder.switching():
            pass


def change(engine: EmbeddedEngine, ids: list[int], documents: list[SearchDocument]) -> None:
    with engine.writing(10) as writer:
        writer.replace(ids, documents)
        writer.commit(writer.state.sequence + 1, "history")


def assert_right(engine: EmbeddedEngine, documents: list[SearchDocument], seed: int) -> None:
    """Totals, counts and orders equal the oracle's."""
    oracle = Oracle(documents)
    for number in range(PLANS):
        plan = corpus.plan(seed * 1_000 + number)
        answer = engine.search(plan)
        assert answer.total == oracle.total(plan) == engine.count(plan), plan
        assert answer.counts == oracle.counts(plan), plan
        if plan.order != "score":  # deleted documents still count in scores
            wanted = [id for id, _ in oracle.ranking(plan)][plan.start : plan.start + plan.size]
            assert [match.id for match in answer.matches] == wanted, plan


@pytest.mark.parametrize("most_changed", [256, 7])
def test_every_edit_shows_in_every_process_at_once(tmp_path, monkeypatch, most_changed):
    monkeypatch.setattr(writers, "_MOST_CHANGED", most_changed)
    dice = random.Random(most_changed)
    held = {document.id: document for document in corpus.documents(1, 120)}
    fill(engine_in(tmp_path), list(held.values()))
    warm = engine_in(tmp_path)
    for turn, edit in enumerate(corpus.documents(2, 200)[:40]):
        # Some change what is there, some are new; every third edit also takes one away.
        ids = [edit.id, dice.choice(sorted(held))] if turn % 3 == 0 else [edit.id]
        change(warm if turn % 2 else engine_in(tmp_path), ids, [edit])
        held = {id: document for id, document in held.items() if id not in ids}
        held[edit.id] = edit
        if turn % 8 == 0:
            assert_right(warm, list(held.values()), seed=turn)
    assert_right(warm, list(held.values()), seed=99)
    assert_right(engine_in(tmp_path), list(held.values()), seed=99)


def test_a_page_that_is_hidden_is_in_no_count_the_moment_after(tmp_path):
    shown = corpus.documents(3, 30)
    shown = [replace(each, audience=frozenset({"public", "everything"})) for each in shown]
    engine = engine_in(tmp_path)
    fill(engine, shown)
    public = replace(EVERYONE, audience=("public",))
    before = engine.search(public)
    hidden = replace(shown[0], audience=frozenset({"group-1", "everything"}))
    change(engine, [hidden.id], [hidden])
    after = engine.search(public)
    assert after.total == before.total - 1
    assert after.counts == Oracle([hidden, *shown[1:]]).counts(public)
    assert hidden.id not in [match.id for match in after.matches]
    assert engine.search(EVERYONE).total == 30


def test_what_expires_leaves_every_count_before_and_after_the_commit(tmp_path, monkeypatch):
    now = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    documents = corpus.documents(4, 40)
    soon = [replace(each, expires_at=now + dt.timedelta(hours=1)) for each in documents[:9]]
    engine = engine_in(tmp_path)
    fill(engine, [*soon, *documents[9:]])
    assert engine.search(EVERYONE).total == 40
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + dt.timedelta(hours=2))
    assert_right(engine, documents[9:], seed=5)
    change(engine, [], [])
    assert_right(engine, documents[9:], seed=5)
    assert_right(engine_in(tmp_path), documents[9:], seed=5)


def test_a_crash_between_commit_and_marker_leaves_no_count_wrong(tmp_path, monkeypatch):
    documents = corpus.documents(6, 60)
    engine = engine_in(tmp_path)
    fill(engine, documents)
    assert_right(engine, documents, seed=7)

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(folders.IndexFolder, "write", crash)
        with pytest.raises(KeyboardInterrupt):
            change(engine, [documents[0].id, documents[1].id], [])
    change(engine, [documents[2].id], [])
    assert_right(engine, documents[3:], seed=7)
    assert_right(engine_in(tmp_path), documents[3:], seed=7)


@pytest.mark.parametrize("damage", [b"", b"\xff" * 4_000, b"half"])
def test_damaged_bitmaps_are_worked_out_anew(tmp_path, damage):
    documents = [replace(each, id=n + 1) for n, each in enumerate(corpus.documents(8, 300))]
    fill(engine_in(tmp_path), documents)
    (path,) = tmp_path.glob("generation-*/bitmaps-*.bin")
    whole = path.read_bytes()
    path.unlink()
    path.write_bytes(damage if damage != b"half" else whole[: len(whole) // 2])
    assert_right(engine_in(tmp_path), documents, seed=9)
    path.unlink()
    pieces = len(whole) - 8 - int.from_bytes(whole[-8:], "little")
    path.write_bytes(b"\xff" * pieces + whole[pieces:])  # its end says where all is
    assert_right(engine_in(tmp_path), documents, seed=9)


def test_ties_by_the_hundred_go_by_id_on_every_page(tmp_path):
    alike = [
        replace(each, id=id, title="Theatre list", summary="", body="", facets={})
        for id, each in enumerate(corpus.documents(10, 900), start=1)
    ]
    engine = engine_in(tmp_path)
    fill(engine, random.Random(1).sample(alike, 900))
    words = tuple(Clause((Alternative((word,)),)) for word in ("theatr", "list"))
    plan = Plan(audience=("everything",), clauses=words, minimum=2, size=30)
    for start in (0, 30, 300, 870):
        found = engine.search(replace(plan, start=start)).matches
        assert [match.id for match in found] == list(range(start + 1, start + 31))


def test_bits_are_the_places_they_were_made_of():
    places = random.Random(1).sample(range(5_000), 300)
    assert sorted(places_of(bits_of(places))) == sorted(places)
    assert list(places_of(0)) == []


def test_at_least_so_many_sets_hold_a_place():
    dice = random.Random(2)
    sets = [set(dice.sample(range(200), 60)) for _ in range(7)]
    for minimum in (1, 2, 3, 7):
        wanted = {place for place in range(200) if sum(place in held for held in sets) >= minimum}
        assert set(places_of(at_least(minimum, map(bits_of, sets)))) == wanted
