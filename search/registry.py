"""Where rooms announce, as the site starts, what of theirs is found and how it is narrowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from search.contract import Collection, DocumentSource, Facet, SearchDocument, Value

_sources: dict[str, DocumentSource] = {}
_collections: dict[str, Callable[[], Collection]] = {}


def register_source(source: DocumentSource) -> None:
    """Let the pages of `source` be found. A second source of the same kind takes its place."""
    _sources[source.kind] = source


def register_collection(key: str, collection: Callable[[], Collection]) -> None:
    """Let the documents of a listing be counted by its facets; it is made anew for each search."""
    _collections[key] = collection


def collections() -> tuple[Collection, ...]:
    """Every registered listing."""
    return tuple(collection() for collection in _collections.values())


def collection(key: str) -> Collection | None:
    """The listing that was registered under `key`, so that rooms can ask for one another's."""
    make = _collections.get(key)
    return make() if make else None


def kinds() -> list[Value]:
    """Every kind of page that can be found, by its label."""
    values = [Value(source.kind, source.label) for source in _sources.values()]
    return sorted(values, key=lambda value: value.label)


# What every document is filed under besides: whoever registers a source gets it for nothing.
KIND_FACET = Facet("type", "Type of page", "of type {}", values=kinds, usual_values=1)


def slots() -> dict[str, int]:
    """How many values of each facet a document usually holds, for engines that lay them out."""
    most: dict[str, int] = {KIND_FACET.key: KIND_FACET.usual_values}
    for collection in collections():
        for facet in collection.facets:
            most[facet.key] = max(facet.usual_values, most.get(facet.key, 0))
    return most


def vocabulary_sizes() -> dict[str, int]:
    """How many values each facet has that has a vocabulary, for engines that must be told."""
    most: dict[str, int] = {KIND_FACET.key: len(kinds())}
    for collection in collections():
        for facet in collection.facets:
            if facet.values is not None:
                most[facet.key] = max(len(facet.values()), most.get(facet.key, 0))
    return most


def documents(ids: Sequence[int]) -> list[SearchDocument]:
    """The documents of those pages that anyone may find, of every kind."""
    return [
        document
        for source in _sources.values()
        for document in _filed(source.documents(ids).values())
    ]


def batches(size: int = 500) -> Iterator[tuple[int, list[SearchDocument]]]:
    """All documents, `size` pages at a time, each batch with the number of pages it was made of."""
    for source in _sources.values():
        ids = iter(source.ids())
        while batch := list(islice(ids, size)):
            yield len(batch), _filed(source.documents(batch).values())


def number_of_pages() -> int:
    """How many pages may have a document."""
    return sum(len(source.ids()) for source in _sources.values())


def _filed(found: Iterable[SearchDocument]) -> list[SearchDocument]:
    """Those that somebody may find, each under its kind."""
    return [
        replace(document, facets={**document.facets, KIND_FACET.key: (document.kind,)})
        for document in found
        if document.audience
    ]
