"""Which documents hold a word or a value: one big number for each, with a bit for each place.

Counting the bits that two such numbers share takes microseconds, where an aggregation would look
at every document. A number is taken from the index once, and mended after each change.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

import tantivy
from tantivy import Occur, Query

from search.engines.embedded.compiler import Compiler, Key
from search.engines.embedded.schema import PLACES_A_BLOCK
from search.engines.embedded.store import Store

# Where fewer than one document in so many match, their places are read one by one.
_FEW = 10
_BYTES_A_BLOCK = PLACES_A_BLOCK // 8
MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class View:
    """One state of one generation, after so many changes.

    `changed` are the places of the latest of them, `forgotten` how many came before those.
    """

    searcher: tantivy.Searcher
    compiler: Compiler
    forgotten: int
    changed: Sequence[int]

    @property
    def number(self) -> int:
        """How many changes there were."""
        return self.forgotten + len(self.changed)

    def frequency(self, key: Key) -> int:
        """How many documents hold `key` at most."""
        field, *words = key
        return min(self.searcher.doc_freq(field, word) for word in words)

    def changed_since(self, number: int) -> list[int]:
        """The places that changed after so many changes, each once."""
        return sorted(set(self.changed[number - self.forgotten :]))


class Bitmaps:
    """The numbers of one generation, for every state of it; used by many threads at once.

    The least used are dropped once they take more than `most_bytes`.
    """

    def __init__(self, store: Store, most_bytes: int = MOST_BYTES) -> None:
        self._store = store
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Key, tuple[int, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def of(self, key: Key, view: View) -> int:
        """The places of the documents that hold `key` in this view."""
        with self._lock:
            kept = self._kept.get(key)
            if kept:
                self._kept.move_to_end(key)
        if kept and kept[0] == view.number:
            return kept[1]
        known = (
            kept if kept and view.forgotten <= kept[0] < view.number else self._stored(key, view)
        )
        bits = taken(view, key) if known is None else mended(view, key, *known)
        if kept is None or kept[0] < view.number:
            self._keep(key, view.number, bits)
        return bits

    def _stored(self, key: Key, view: View) -> tuple[int, int] | None:
        if not view.forgotten <= self._store.number <= view.number:
            return None
        stored = self._store.read(key)
        return None if stored is None else (self._store.number, int.from_bytes(stored, "little"))

    def _keep(self, key: Key, number: int, bits: int) -> None:
        with self._lock:
            _, replaced = self._kept.pop(key, (0, 0))
            self._kept[key] = (number, bits)
            self._bytes += _size(bits) - (_size(replaced) if replaced else 0)
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= _size(dropped)


def taken(view: View, key: Key) -> int:
    """The places of the documents that hold `key`, from the index itself."""
    query, documents = view.compiler.held(key), view.searcher.num_docs
    if view.frequency(key) * _FEW < documents:
        return extracted(view, query)
    return _extracted_by_block(view.searcher, query)


def mended(view: View, key: Key, number: int, bits: int) -> int:
    """What `bits`, right after `number` changes, are in this view."""
    places = view.changed_since(number)
    if not places:
        return bits
    now = Query.boolean_query(
        [(Occur.Must, view.compiler.held(key)), (Occur.Must, view.compiler.placed_at(places))]
    )
    return without(bits, bits_of(places)) | extracted(view, now)


def extracted(view: View, query: Query) -> int:
    """The places of the documents that answer `query`, where they are few."""
    searcher = view.searcher
    hits = searcher.search(query, max(searcher.num_docs, 1), count=False).hits
    return bits_of(searcher.fast_field_values("place", [place for _, place in hits]))


def _extracted_by_block(searcher: tantivy.Searcher, query: Query) -> int:
    """Adds up each block's bits, which are different powers of two, so that no sum is inexact."""
    found = searcher.aggregate(query, _BLOCKS)["blocks"]["buckets"]
    last = max((int(block["key"]) for block in found), default=0)
    buffer = bytearray(last // 8 + _BYTES_A_BLOCK)
    for block in found:
        at = int(block["key"]) // 8
        bits = int(block["bits"]["value"])
        buffer[at : at + _BYTES_A_BLOCK] = bits.to_bytes(_BYTES_A_BLOCK, "little")
    return int.from_bytes(buffer, "little")


_BLOCKS = {
    "blocks": {
        "histogram": {"field": "place", "interval": PLACES_A_BLOCK, "min_doc_count": 1},
        "aggs": {"bits": {"sum": {"field": "bit"}}},
    }
}


def bits_of(places: Iterable[int | float | bool | None]) -> int:
    """The number with the bits of these places."""
    numbers = [int(place or 0) for place in places]
    buffer = bytearray(max(numbers, default=0) // 8 + 1)
    for place in numbers:
        buffer[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(buffer, "little")


def places_of(bits: int) -> Iterator[int]:
    """The places of a number's bits, in order."""
    for at, byte in enumerate(bits.to_bytes(_size(bits), "little")):
        while byte:
            lowest = byte & -byte
            yield at * 8 + lowest.bit_length() - 1
            byte ^= lowest


def without(bits: int, others: int) -> int:
    """`bits` less what `others` has too."""
    return bits ^ (bits & others)


def at_least(minimum: int, sets: Iterable[int]) -> int:
    """The places that are in `minimum` of the sets or more."""
    levels = [0] * minimum
    for bits in sets:
        for level in range(minimum - 1, 0, -1):
            levels[level] |= levels[level - 1] & bits
        levels[0] |= bits
    return levels[-1]


def _size(bits: int) -> int:
    return bits.bit_length() // 8 + 1
