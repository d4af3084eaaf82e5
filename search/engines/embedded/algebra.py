"""Which documents answer a plan, worked out of bitmaps; and how many that can be at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import and_, or_

from search.engines.embedded.bitmaps import at_least
from search.engines.embedded.compiler import Key
from search.engines.embedded.schema import coded
from search.plan import Alternative, Clause, Plan

# What a key stands for: its bits, or how many documents hold it.
Bits = Callable[[Key], int]


class Filtered:
    """The documents that answer a plan, each part worked out once.

    `hidden` are the bits of documents that do not answer whatever they hold.
    """

    def __init__(self, plan: Plan, bits: Bits, hidden: int) -> None:
        self.words = _words(plan, bits)
        self._visible = _visible(plan, bits, hidden)
        self._filters = {
            facet: reduce(or_, map(bits, keys)) for facet, keys in _filters(plan).items()
        }

    def matching(self, own: str = "") -> int:
        """The bits of those that answer, by every filter but that of the facet `own`."""
        filters = (bits for facet, bits in self._filters.items() if facet != own)
        parts = [self._visible, *([] if self.words is None else [self.words]), *filters]
        return reduce(and_, parts)


def most(plan: Plan, frequency: Bits) -> int:
    """How many documents can answer at most, where none is hidden."""
    bounds = [sum(map(frequency, _keys("audience", plan.audience)))]
    bounds += [sum(map(frequency, keys)) for keys in _filters(plan).values()]
    if plan.kinds:
        bounds.append(sum(map(frequency, _keys("kind", plan.kinds))))
    bounds += [_most_of(clause, frequency) for clause in plan.required]
    if plan.minimum:
        optional = sorted(_most_of(clause, frequency) for clause in plan.optional)
        # Whoever holds `minimum` of the clauses holds one that is not among the most usual.
        bounds.append(sum(optional[: len(optional) - plan.minimum + 1]))
    return min(bounds)


def key_of(alternative: Alternative) -> Iterable[Key]:
    """What a document must hold all of to hold the alternative."""
    if alternative.is_phrase and len(alternative.tokens) > 1:
        return [("text", *alternative.tokens)]
    return [("text", token) for token in alternative.tokens]


def _most_of(clause: Clause, frequency: Bits) -> int:
    return sum(
        min(map(frequency, key_of(alternative)), default=0) for alternative in clause.alternatives
    )


def _visible(plan: Plan, bits: Bits, hidden: int) -> int:
    visible = reduce(or_, map(bits, _keys("audience", plan.audience)), 0)
    if plan.kinds:
        visible &= reduce(or_, map(bits, _keys("kind", plan.kinds)))
    return visible ^ (visible & hidden)


def _words(plan: Plan, bits: Bits) -> int | None:
    """The bits of those that hold enough of the clauses; None where nothing is required."""
    parts = [_held(clause, bits) for clause in plan.required]
    if plan.minimum:
        parts.append(at_least(plan.minimum, (_held(clause, bits) for clause in plan.optional)))
    return reduce(and_, parts) if parts else None


def _held(clause: Clause, bits: Bits) -> int:
    return reduce(
        or_,
        (reduce(and_, map(bits, key_of(alternative))) for alternative in clause.alternatives),
    )


def _filters(plan: Plan) -> Mapping[str, list[Key]]:
    return {
        facet: _keys(f"facets.{facet}", map(coded, values))
        for facet, values in plan.filters.items()
    }


def _keys(field: str, values: Iterable[str]) -> list[Key]:
    return [(field, value) for value in values]
