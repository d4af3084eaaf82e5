"""Writes to the embedded index: changes in place, or a new generation beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import tantivy
from django.utils import timezone

from search.contract import SearchDocument
from search.engines.embedded import schema
from search.engines.embedded.compiler import Compiler
from search.engines.embedded.folder import IndexFolder, Marker
from search.engines.protocol import IndexState, IndexUnusable

_HEAP_OF_CHANGES = 15_000_000
_HEAP_OF_REBUILD = 60_000_000
_LOCK_SECONDS_OF_SWITCH = 30.0


class Writer:
    """One session that writes to one generation."""

    def __init__(
        self, folder: IndexFolder, index: tantivy.Index, marker: Marker, slots: Mapping[str, int]
    ) -> None:
        self._folder = folder
        self._index = index
        self._marker = marker
        self._slots = slots
        self._compiler = Compiler(index.schema, slots)
        self._heap = _HEAP_OF_CHANGES
        self._writer: tantivy.IndexWriter | None = None

    @property
    def state(self) -> IndexState:
        """See IndexWriter."""
        due = self._marker.next_expiry
        next_expiry = None if due is None else datetime.fromtimestamp(due / 1_000_000, UTC)
        return IndexState(self._marker.sequence, self._marker.history, next_expiry)

    def replace(self, ids: Iterable[int], documents: Iterable[SearchDocument]) -> None:
        """See IndexWriter."""
        writer = self._session()
        if removed := list(ids):
            writer.delete_documents_by_query(self._compiler.of_ids(removed))
        for document in documents:
            writer.add_document(schema.to_index(document, self._slots))

    def commit(self, sequence: int, history: str) -> None:
        """See IndexWriter. The marker is written last: it never names what is not there."""
        now = schema.microseconds(timezone.now())
        writer = self._session()
        writer.delete_documents_by_query(self._compiler.expired_at(now))
        writer.commit()
        writer.wait_merging_threads()
        self._writer = None
        self._marker = replace(
            self._marker, sequence=sequence, history=history, next_expiry=self._next_expiry()
        )
        self._announce()

    def _announce(self) -> None:
        self._folder.write(self._marker)

    def _session(self) -> tantivy.IndexWriter:
        # A writer is spent once it has waited for its merges, so each commit ends its session.
        if self._writer is None:
            self._writer = self._index.writer(self._heap, 1)
        return self._writer

    def _next_expiry(self) -> int | None:
        self._index.reload()
        found = self._index.searcher().aggregate(
            tantivy.Query.all_query(), {"first": {"min": {"field": "expires"}}}
        )
        first = found["first"]["value"]
        return None if first is None else int(first)

    def abandon(self) -> None:
        """Leave the index as the last commit made it."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None


class Builder(Writer):
    """A session that fills a new generation, which nobody reads before `switch`."""

    def _session(self) -> tantivy.IndexWriter:
        self._heap = _HEAP_OF_REBUILD
        return super()._session()

    def _announce(self) -> None:
        """Nobody is told of a generation that does not answer yet."""

    @contextmanager
    def switching(self) -> Iterator[None]:
        """See IndexBuilder."""
        with self._folder.lock("writer", _LOCK_SECONDS_OF_SWITCH):
            yield
            self._folder.write(self._marker)
            self._folder.remove_generations_except(self._marker.generation)


@contextmanager
def writing(
    folder: IndexFolder, slots: Mapping[str, int], fingerprint: str, timeout: float
) -> Iterator[Writer]:
    """A session on the generation in use; one at a time over all processes."""
    with folder.lock("writer", timeout):
        marker = folder.read()
        if marker.fingerprint != fingerprint:
            raise IndexUnusable("The search index was made by another version of the site.")
        writer = Writer(folder, _existing(folder.path_of(marker.generation)), marker, slots)
        try:
            yield writer
        finally:
            writer.abandon()


@contextmanager
def building(folder: IndexFolder, slots: Mapping[str, int], fingerprint: str) -> Iterator[Builder]:
    """A session on a new generation; one at a time over all processes, beside a writer."""
    with folder.lock("rebuild"):
        name = folder.new_generation()
        index = tantivy.Index(schema.build(), path=str(folder.path_of(name)))
        builder = Builder(folder, index, Marker(name, 0, "", fingerprint), slots)
        try:
            yield builder
        finally:
            builder.abandon()
            folder.remove_unless_in_use(name)


def _existing(path: Path) -> tantivy.Index:
    try:
        return tantivy.Index.open(str(path))
    except (ValueError, OSError) as problem:
        raise IndexUnusable(f"The search index cannot be opened: {problem}") from problem
