"""How many values of each facet are counted: all there are, or the question is asked again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from search.engines.protocol import IndexUnusable

logger = logging.getLogger(__name__)
# The server makes at most 65,536 counts in one answer.
MOST_VALUES = 60_000
# A facet without a vocabulary, such as years, has hardly more.
_OPEN = 1_000
# Documents may hold values that were retired or merged, and those that came since the start.
_ROOM, _TIMES = 50, 2
_TIMES_MORE = 8


class FacetSizes:
    """The number of values to ask for, by facet: its vocabulary's with room, until more is seen.

    `vocabularies` tells how many values each facet has that has a vocabulary. It is asked once,
    when something is to be counted first.
    """

    def __init__(self, vocabularies: Callable[[], Mapping[str, int]]) -> None:
        self._read = vocabularies
        self._grown: dict[str, int] = {}

    @cached_property
    def _vocabularies(self) -> Mapping[str, int]:
        return self._read()

    def __getitem__(self, facet: str) -> int:
        """How many values of this facet to ask for."""
        return self._grown.get(facet) or self._at_first(facet)

    def _at_first(self, facet: str) -> int:
        known = self._vocabularies.get(facet)
        return min(_OPEN if known is None else known * _TIMES + _ROOM, MOST_VALUES)

    def grow_where_short(self, aggregations: Mapping[str, Any], asked: Mapping[str, int]) -> bool:
        """Whether a facet has more values than were `asked` for; more will be, from now on.

        Raises IndexUnusable where it has more than the server counts: no count is ever wrong.
        """
        short = [
            key
            for key in asked
            if aggregations[f"_filter_{key}"][key].get("sum_other_doc_count", 0) > 0
        ]
        for key in short:
            if asked[key] >= MOST_VALUES:
                raise IndexUnusable(f"The facet “{key}” has more than {MOST_VALUES:,} values.")
            larger = min(asked[key] * _TIMES_MORE, MOST_VALUES)
            self._grown[key] = max(larger, self._grown.get(key, 0))
            logger.info("The facet %s has more than %d values.", key, asked[key])
        return bool(short)
