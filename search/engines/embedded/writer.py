"""Writes to the embedded index: changes in place, or a new generation beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import tantivy
from django.utils import timezone
from tantivy import Query

from search.contract import SearchDocument
from search.engines.embedded import schema, store
from search.engines.embedded.bitmaps import View
from search.engines.embedded.compiler import Compiler
from search.engines.embedded.damage import reading
from search.engines.embedded.folder import IndexFolder, Marker
from search.engines.embedded.keeping import keep
from search.engines.protocol import IndexState, IndexUnusable

_HEAP_OF_CHANGES = 15_000_000
_HEAP_OF_REBUILD = 60_000_000
_LOCK_SECONDS_OF_SWITCH = 30.0
# After so many changed documents the bitmaps on disk are made anew.
_MOST_CHANGED = 256


@dataclass(frozen=True)
class Keeper:
    """Whose index is written: where it is, how facets are laid out, and what it was made by.

    Bitmaps are kept on disk from `fewest_documents` on.
    """

    folder: IndexFolder
    slots: Mapping[str, int]
    fingerprint: str
    fewest_documents: int


class Writer:
    """One session that writes to one generation."""

    def __init__(self, keeper: Keeper, index: tantivy.Index, marker: Marker) -> None:
        self._keeper = keeper
        self._index = index
        self._marker = marker
        self._compiler = Compiler(index.schema, keeper.slots)
        self._heap = _HEAP_OF_CHANGES
        self._writer: tantivy.IndexWriter | None = None
        self._begin()

    @property
    def state(self) -> IndexState:
        """See IndexWriter."""
        due = self._marker.next_expiry
        next_expiry = None if due is None else datetime.fromtimestamp(due / 1_000_000, UTC)
        return IndexState(self._marker.sequence, self._marker.history, next_expiry)

    def replace(self, ids: Iterable[int], documents: Iterable[SearchDocument]) -> None:
        """See IndexWriter."""
        writer = self._session()
        places: dict[int, int] = {}
        if removed := list(ids):
            writer.delete_documents_by_query(self._compiler.of_ids(removed))
            places = self._places_of(removed)
            self._changed += places.values()
        for document in documents:
            place = places.get(document.id, self._next_place)
            if place == self._next_place:
                self._next_place += 1
                self._changed.append(place)
            self._places[document.id] = place
            writer.add_document(schema.to_index(document, place, self._keeper.slots))

    def commit(self, sequence: int, history: str) -> None:
        """See IndexWriter. The marker is written last: it never names what is not there."""
        now = schema.microseconds(timezone.now())
        writer = self._session()
        expired = self._compiler.expired_at(now)
        self._changed += self._places_found(expired)
        writer.delete_documents_by_query(expired)
        opstamp = writer.commit()
        writer.wait_merging_threads()
        self._writer = None
        self._index.reload()
        self._marker = replace(
            self._marker,
            sequence=sequence,
            history=history,
            next_expiry=self._next_expiry(),
            changed=[*self._marker.changed, *self._changed],
            opstamp=opstamp,
        )
        self._keep_bitmaps()
        self._announce()
        self._begin()

    def _begin(self) -> None:
        """Nothing is changed yet."""
        self._changed: list[int] = []
        self._places: dict[int, int] = {}
        found = self._index.searcher().aggregate(
            Query.all_query(), {"last": {"max": {"field": "place"}}}
        )
        last = found["last"]["value"]
        self._next_place = 0 if last is None else int(last) + 1

    def _keep_bitmaps(self) -> None:
        """Make the bitmaps on disk anew where they are far behind."""
        if len(self._marker.changed) <= _MOST_CHANGED:
            return
        folder = self._keeper.folder.path_of(self._marker.generation)
        view = self._view()
        name = ""
        if view.searcher.num_docs >= self._keeper.fewest_documents:
            before = store.open_in(folder, self._marker.bitmaps)
            name = keep(folder, before, view, self._keeper.slots)
        self._marker = replace(self._marker, forgotten=view.number, changed=[], bitmaps=name)

    def _view(self) -> View:
        marker = self._marker
        return View(self._index.searcher(), self._compiler, marker.forgotten, marker.changed)

    def _announce(self) -> None:
        self._keeper.folder.write(self._marker)
        store.remove_others(
            self._keeper.folder.path_of(self._marker.generation), self._marker.bitmaps
        )

    def _session(self) -> tantivy.IndexWriter:
        # A writer is spent once it has waited for its merges, so each commit ends its session.
        if self._writer is None:
            self._writer = self._index.writer(self._heap, 1)
            if self._writer.commit_opstamp != self._marker.opstamp:
                self._forget_bitmaps()
        return self._writer

    def _forget_bitmaps(self) -> None:
        """A crash kept the last commit from the marker, so nobody knows what it changed."""
        number = self._marker.forgotten + len(self._marker.changed) + 1
        self._marker = replace(self._marker, forgotten=number, changed=[], bitmaps="")

    def _places_of(self, ids: list[int]) -> dict[int, int]:
        """Where these documents stand, of those that were there before or are since."""
        searcher = self._index.searcher()
        hits = searcher.search(self._compiler.of_ids(ids), len(ids), count=False).hits
        found = [place for _, place in hits]
        held = searcher.fast_field_values("id", found)
        places = searcher.fast_field_values("place", found)
        standing = {int(id or 0): int(at or 0) for id, at in zip(held, places, strict=True)}
        return standing | {id: self._places[id] for id in ids if id in self._places}

    def _places_found(self, query: Query) -> list[int]:
        searcher = self._index.searcher()
        hits = searcher.search(query, max(searcher.num_docs, 1), count=False).hits
        found = searcher.fast_field_values("place", [place for _, place in hits])
        return [int(place or 0) for place in found]

    def _next_expiry(self) -> int | None:
        found = self._index.searcher().aggregate(
            Query.all_query(), {"first": {"min": {"field": "expires"}}}
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
        with self._keeper.folder.lock("writer", _LOCK_SECONDS_OF_SWITCH):
            yield
            super()._announce()
            self._keeper.folder.remove_generations_except(self._marker.generation)


@contextmanager
def writing(keeper: Keeper, timeout: float) -> Iterator[Writer]:
    """A session on the generation in use; one at a time over all processes."""
    with keeper.folder.lock("writer", timeout):
        marker = keeper.folder.read()
        if marker.fingerprint != keeper.fingerprint:
            raise IndexUnusable("The search index was made by another version of the site.")
        with reading():
            index = tantivy.Index.open(str(keeper.folder.path_of(marker.generation)))
            writer = Writer(keeper, index, marker)
        try:
            yield writer
        finally:
            writer.abandon()


@contextmanager
def building(keeper: Keeper) -> Iterator[Builder]:
    """A session on a new generation; one at a time over all processes, beside a writer."""
    folder = keeper.folder
    with folder.lock("rebuild"):
        name = folder.new_generation()
        index = tantivy.Index(schema.build(), path=str(folder.path_of(name)))
        builder = Builder(keeper, index, Marker(name, 0, "", keeper.fingerprint))
        try:
            yield builder
        finally:
            builder.abandon()
            folder.remove_unless_in_use(name)
