"""Finds the documents that score best, without scoring every one that answers."""

from __future__ import annotations

from tantivy import Occur, Query

from search.engines.embedded.algebra import Filtered
from search.engines.embedded.bitmaps import View
from search.engines.embedded.orders import BY_ID, Orders
from search.plan import Plan

_MOST_LOOKED_AT = 4_000
_FIRST_LOOK = 60
# Where more than so many hold the words to one that answers, too many are looked at in vain.
_MOST_TO_ONE = 4
# Scores that are summed in another order differ by less than this share.
_ROUNDING = 1e-5
_Scored = list[tuple[float, int]]


class Ranking:
    """The best of one plan's documents, found by the words alone: the bits tell who answers.

    Asked for words alone, the index skips whole blocks of documents that cannot be among the
    best; asked with filters, it cannot.
    """

    def __init__(self, plan: Plan, found: Filtered, matching: int, view: View) -> None:
        self._plan = plan
        self._matching = matching
        self._held = matching.to_bytes(matching.bit_length() // 8 + 1, "little")
        self._view = view
        total = matching.bit_count()
        self._end = min(plan.start + plan.size, total)
        # How many hold the words to one that also passes all filters.
        self._to_one = found.words.bit_count() / total if found.words else 0.0

    def places(self, orders: Orders) -> list[int] | None:
        """Places among which the window is; None where they are not quickly found."""
        if self._to_one > _MOST_TO_ONE:
            return None
        looked_at = int((self._end + _FIRST_LOOK) * self._to_one * 1.5)
        while 0 < looked_at <= _MOST_LOOKED_AT:
            best, least = self._look(looked_at)
            if self._is_clear(best, least):
                lowest = best[self._end - 1][0] * (1 - _ROUNDING)
                return [place for score, place in best if score >= lowest]
            equal = self._among_equals(
                best, least, orders.first(BY_ID, self._end + looked_at, self._matching, self._view)
            )
            if equal is not None:
                return equal
            looked_at *= 4
        return None

    def _look(self, number: int) -> tuple[_Scored, float]:
        """Those of the `number` best by words that answer, and the least score looked at.

        The least score is 0 where there were no more.
        """
        searcher = self._view.searcher
        query = self._view.compiler.any_clause(self._plan)
        hits = searcher.search(query, number, count=False).hits
        numbers = searcher.fast_field_values("place", [place for _, place in hits])
        scored = [(score, int(at or 0)) for (score, _), at in zip(hits, numbers, strict=True)]
        least = scored[-1][0] if len(scored) == number else 0.0
        return [(score, place) for score, place in scored if self._answers(place)], least

    def _is_clear(self, best: _Scored, least: float) -> bool:
        """Whether nobody who was not looked at can come before the window's last."""
        if len(best) < self._end:
            return False
        return not least or least < best[self._end - 1][0] * (1 - _ROUNDING)

    def _among_equals(self, best: _Scored, score: float, first: list[int]) -> list[int] | None:
        """Where very many share the score of the window's last, those of them with low ids.

        Ties go by id, so the `first` that answer are scored; where enough of them have that
        score, nobody with a higher id comes into the window.
        """
        better = [place for other, place in best if other > score * (1 + _ROUNDING)]
        if len(better) >= self._end or len({other for other, _ in best[len(better) :]}) != 1:
            return None
        missing = self._end - len(better)
        query = Query.boolean_query(
            [
                (Occur.Must, self._view.compiler.matching(self._plan, None)),
                (Occur.Must, self._view.compiler.placed_at(first)),
            ]
        )
        searcher = self._view.searcher
        hits = searcher.search(query, len(first), count=False).hits
        equal = [place for other, place in hits if other >= score * (1 - _ROUNDING)]
        if len(equal) < missing + len(better):
            return None
        numbers = searcher.fast_field_values("place", equal)
        return list({*better, *(int(at or 0) for at in numbers)})

    def _answers(self, place: int) -> bool:
        at = place >> 3
        return at < len(self._held) and bool(self._held[at] & 1 << (place & 7))
