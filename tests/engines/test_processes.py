"""Several processes share one index folder: one writes at a time, all read the latest."""

from __future__ import annotations

import multiprocessing
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from search.contract import SearchDocument
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.protocol import IndexUnusable, IndexWriter, WriterBusy
from search.plan import Plan
from tests.engines import corpus

EVERYTHING = Plan(audience=("everything",), size=100)


def made(folder: Path, documents: list[SearchDocument]) -> EmbeddedEngine:
    engine = EmbeddedEngine(folder, corpus.SLOTS)
    with engine.rebuilding() as builder:
        builder.replace([], documents)
        builder.commit(0, "history")
        with builder.switching():
            pass
    return engine


def add(folder: Path, document: SearchDocument) -> None:
    """Add one document and count one change, as a process of its own does."""
    engine = EmbeddedEngine(folder, corpus.SLOTS)
    with engine.writing(30) as writer:
        writer.replace([document.id], [document])
        writer.commit(writer.state.sequence + 1, "history")


def die_in(session: AbstractContextManager[IndexWriter], old: SearchDocument, new: SearchDocument):
    with session as writer:
        writer.replace([old.id], [new])
        raise ZeroDivisionError


def test_many_processes_write_in_turn_and_lose_nothing(tmp_path):
    engine = made(tmp_path, [])
    documents = corpus.documents(1, 8)
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=add, args=(tmp_path, document)) for document in documents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 8
    assert engine.state().sequence == 8
    assert engine.search(EVERYTHING).total == 8


def test_a_second_writer_is_told_that_one_is_busy(tmp_path):
    engine = made(tmp_path, [])
    other = EmbeddedEngine(tmp_path, corpus.SLOTS)
    with engine.writing(), pytest.raises(WriterBusy), other.writing(0.05):
        pass
    with other.writing(0.05):
        pass


def test_a_writer_that_dies_leaves_the_last_commit_and_no_lock(tmp_path):
    first, second = corpus.documents(1, 2)
    engine = made(tmp_path, [first])
    with pytest.raises(ZeroDivisionError):
        die_in(engine.writing(), first, second)
    assert engine.search(EVERYTHING).matches[0].id == first.id
    add(tmp_path, second)
    assert engine.search(EVERYTHING).total == 2


def test_readers_go_on_while_an_index_is_made_and_switch_at_once(tmp_path):
    old, new = corpus.documents(1, 3), corpus.documents(2, 5)
    engine = made(tmp_path, old)
    reader = EmbeddedEngine(tmp_path, corpus.SLOTS)
    with engine.rebuilding() as builder:
        builder.replace([], new)
        builder.commit(1, "history")
        assert reader.search(EVERYTHING).total == 3
        with builder.switching():
            assert reader.search(EVERYTHING).total == 3
    assert reader.search(EVERYTHING).total == 5
    assert len(list(tmp_path.glob("generation-*"))) == 1


def test_an_index_that_was_given_up_leaves_nothing_behind(tmp_path):
    engine = made(tmp_path, corpus.documents(1, 3))
    with pytest.raises(ZeroDivisionError):
        die_in(engine.rebuilding(), *corpus.documents(2, 2))
    assert engine.search(EVERYTHING).total == 3
    assert len(list(tmp_path.glob("generation-*"))) == 1


def test_a_folder_without_an_index_says_so(tmp_path):
    engine = EmbeddedEngine(tmp_path / "none", corpus.SLOTS)
    with pytest.raises(IndexUnusable, match="There is no search index"):
        engine.state()
    with pytest.raises(IndexUnusable), engine.writing():
        pass


def test_an_index_of_other_facets_is_of_another_version(tmp_path):
    made(tmp_path, [])
    with pytest.raises(IndexUnusable, match="another version"):
        EmbeddedEngine(tmp_path, {**corpus.SLOTS, "new": 4}).state()


def put_in_place_of(path: Path, content: bytes) -> None:
    """Another file under the same name: an engine that has the old one open goes on reading it."""
    path.unlink()
    path.write_bytes(content)


def test_damaged_files_are_reported_and_never_raise_anything_else(tmp_path):
    documents = [replace(document, id=n + 1) for n, document in enumerate(corpus.documents(3, 40))]
    generation = made(tmp_path, documents)._folder.read().generation
    for path in sorted((tmp_path / generation).iterdir()):
        whole = path.read_bytes()
        for damage in (b"", whole[: len(whole) // 2], b"\xff" * len(whole)):
            put_in_place_of(path, damage)
            reader = EmbeddedEngine(tmp_path, corpus.SLOTS)
            for number in range(4):
                try:
                    reader.search(corpus.plan(number))
                    reader.words("s")
                except IndexUnusable:
                    pass
        put_in_place_of(path, whole)
    assert EmbeddedEngine(tmp_path, corpus.SLOTS).search(EVERYTHING).total == 40
