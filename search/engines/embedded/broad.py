"""Answers plans that many documents may answer: from bitmaps, so that no document is looked at."""

from __future__ import annotations

from tantivy import Query

from search.engines.embedded import algebra, store
from search.engines.embedded.bitmaps import Bitmaps, View, extracted
from search.engines.embedded.compiler import Key
from search.engines.embedded.orders import BY_ID, ORDERS, Orders
from search.engines.embedded.ranking import Ranking
from search.engines.embedded.schema import coded
from search.plan import Plan

# A page of results this deep is looked for as one of few documents is.
DEEPEST = 1_000


class Generation:
    """What is worked out once for all states of one generation."""

    def __init__(self, kept: store.Store) -> None:
        self.bitmaps = Bitmaps(kept)
        self.orders = Orders(kept)
        self._values: dict[str, tuple[int, set[str]]] = {}

    def values(self, facet: str, view: View) -> list[str]:
        """Every value of a facet that a document holds, and perhaps some that none does now."""
        known = self._values.get(facet)
        if known is None or known[0] < view.forgotten:
            return self._remember(facet, view, view.compiler.values_of(facet, view.searcher))
        number, values = known
        if number < view.number and (places := view.changed_since(number)):
            placed = view.compiler.placed_at(places)
            values = values | view.compiler.values_of(facet, view.searcher, placed)
        return self._remember(facet, view, values)

    def _remember(self, facet: str, view: View, values: set[str]) -> list[str]:
        self._values[facet] = (view.number, values)
        return sorted(values)


class Broad:
    """One state of a generation, asked by bitmaps."""

    def __init__(self, view: View, generation: Generation) -> None:
        self._view = view
        self._bitmaps = generation.bitmaps
        self._orders = generation.orders
        self._values = generation.values
        self._rows: dict[str, list[tuple[str, int]]] = {}

    def most(self, plan: Plan) -> int:
        """How many documents can answer at most: a quick look."""
        return algebra.most(plan, self._view.frequency)

    def filtered(self, plan: Plan, expired_at: int | None) -> algebra.Filtered:
        """The documents that answer."""
        return algebra.Filtered(plan, self._bits, self._hidden(plan, expired_at))

    def counts(self, plan: Plan, found: algebra.Filtered) -> dict[str, dict[str, int]]:
        """How many of those found hold each value of each counted facet."""
        whole = found.matching()
        counts: dict[str, dict[str, int]] = {}
        for facet in plan.counted:
            matching = found.matching(facet) if facet in plan.filters else whole
            numbers = (
                (value, (matching & bits).bit_count()) for value, bits in self._rows_of(facet)
            )
            counts[facet] = {value: number for value, number in numbers if number}
        return counts

    def candidates(self, plan: Plan, found: algebra.Filtered) -> Query | None:
        """Documents among which the plan's window is; None where there is no quick way."""
        matching, end = found.matching(), plan.start + plan.size
        places: list[int] | None
        if end > DEEPEST:
            return None
        if plan.order in ORDERS:
            places = self._orders.first(plan.order, end, matching, self._view)
        elif plan.preferences or not matching:
            return None
        elif not plan.clauses:
            places = self._orders.first(BY_ID, end, matching, self._view)
        else:
            places = Ranking(plan, found, matching, self._view).places(self._orders)
        return None if places is None else self._view.compiler.placed_at(places)

    def _bits(self, key: Key) -> int:
        return self._bitmaps.of(key, self._view)

    def _rows_of(self, facet: str) -> list[tuple[str, int]]:
        rows = self._rows.get(facet)
        if rows is None:
            field, values = f"facets.{facet}", self._values(facet, self._view)
            rows = [(value, self._bits((field, coded(value)))) for value in values]
            self._rows[facet] = rows
        return rows

    def _hidden(self, plan: Plan, expired_at: int | None) -> int:
        compiler, hidden = self._view.compiler, 0
        if expired_at is not None:
            hidden |= extracted(self._view, compiler.expired_at(expired_at))
        if plan.excluded_ids:
            hidden |= extracted(self._view, compiler.of_ids(plan.excluded_ids))
        return hidden
