"""The orders that need no scores: every place once, first to last, worked out once."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from threading import Lock

from tantivy import Order, Query

from search.engines.embedded.bitmaps import View
from search.engines.embedded.store import Store

ORDERS: Mapping[str, tuple[str, Order]] = {
    "published": ("published_order", Order.Desc),
    "title": ("title_order", Order.Asc),
    "rank": ("rank_order", Order.Desc),
}
# What ties go by.
BY_ID = "id"
KEPT = {**ORDERS, BY_ID: ("id", Order.Asc)}
FIELD = "order"


class Orders:
    """The places of one generation in each order, for every state of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, tuple[int, array[int]]] = {}
        self._lock = Lock()

    def first(self, order: str, size: int, matching: int, view: View) -> list[int]:
        """Places of `matching` among which the first `size` in this order are."""
        with self._lock:
            number, places = self._of(order, view)
        changed = view.changed_since(number)
        held = matching.to_bytes(matching.bit_length() // 8 + 1, "little")
        moved, found, end = set(changed), [], len(held)
        for place in places:
            at = place >> 3
            if at < end and held[at] & 1 << (place & 7) and place not in moved:
                found.append(place)
                if len(found) >= size:
                    break
        found += [
            place for place in changed if place >> 3 < end and held[place >> 3] & 1 << (place & 7)
        ]
        return found

    def _of(self, order: str, view: View) -> tuple[int, array[int]]:
        kept = self._kept.get(order)
        if kept is None or kept[0] < view.forgotten:
            stored = self._stored(order, view)
            kept = self._kept[order] = stored or (view.number, in_order(order, view))
        if kept[0] > view.number:
            return view.number, in_order(order, view)
        return kept

    def _stored(self, order: str, view: View) -> tuple[int, array[int]] | None:
        if not view.forgotten <= self._store.number <= view.number:
            return None
        stored = self._store.read((FIELD, order))
        return None if stored is None else (self._store.number, array("I", stored))


def in_order(order: str, view: View) -> array[int]:
    """The places of all documents in this order."""
    column, direction = KEPT[order]
    searcher = view.searcher
    hits = searcher.search(
        Query.all_query(),
        max(searcher.num_docs, 1),
        count=False,
        order_by_field=column,
        order=direction,
    ).hits
    places = searcher.fast_field_values("place", [place for _, place in hits])
    return array("I", (int(place or 0) for place in places))
