"""Where rooms announce, as the site starts, what of theirs is found and how it is narrowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from search.contract import Collection, DocumentSource, SearchDocument

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


def slots() -> dict[str, int]:
    """How many values of each facet a document usually holds, for engines that lay them out."""
    most: dict[str, int] = {}
    for collection in collections():
        for facet in collection.facets:
            most[facet.key] = max(facet.usual_values, most.get(facet.key, 0))
    return most


def documents(ids: Sequence[int]) -> list[SearchDocument]:
    """The documents of those pages that anyone may find, of every kind."""
    return [
        document
        for source in _sources.values()
        for document in source.documents(ids).values()
        if document.audience
    ]


def batches(size: int = 500) -> Iterator[tuple[int, list[SearchDocument]]]:
    """All documents, `size` pages at a time, each batch with the number of pages it was made of."""
    for source in _sources.values():
        ids = iter(source.ids())
        while batch := list(islice(ids, size)):
            found = source.documents(batch).values()
            yield len(batch), [document for document in found if document.audience]


def number_of_pages() -> int:
    """How many pages may have a document."""
    return sum(len(source.ids()) for source in _sources.values())
