"""Works out the bitmaps and orders that a generation keeps on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from search.engines.embedded import store
from search.engines.embedded.bitmaps import Bitmaps, View
from search.engines.embedded.compiler import Key
from search.engines.embedded.orders import FIELD, KEPT, in_order
from search.engines.embedded.schema import coded
from search.engines.embedded.store import Store

# Words that one document in so many holds are kept; places of others are quickly read.
_USUAL = 48


def keep(folder: Path, before: Store, view: View, facets: Iterable[str]) -> str:
    """Write what this view holds into a new file; return its name.

    Kept are audiences, kinds, the values of `facets`, the usual words and the orders. What was
    there `before` is mended; the rest is read from the index.
    """
    keys = sorted({*_filed_under(view, facets), *_usual_words(view)})
    return store.write(folder, view.number, _pieces(before, view, keys))


def _filed_under(view: View, facets: Iterable[str]) -> Iterator[Key]:
    for field in ("audience", "kind"):
        for value, _ in view.searcher.terms_with_prefix(field, ""):
            yield field, value
    for facet in facets:
        for value in view.compiler.values_of(facet, view.searcher):
            yield f"facets.{facet}", coded(value)


def _usual_words(view: View) -> Iterator[Key]:
    fewest = view.searcher.num_docs / _USUAL
    for word, documents in view.searcher.terms_with_prefix("text", ""):
        if documents >= fewest:
            yield "text", word


def _pieces(before: Store, view: View, keys: Iterable[Key]) -> Iterator[tuple[Key, bytes]]:
    bitmaps = Bitmaps(before, most_bytes=0)
    for key in keys:
        bits = bitmaps.of(key, view)
        yield key, bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    for order in KEPT:
        yield (FIELD, order), in_order(order, view).tobytes()
