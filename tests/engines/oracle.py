"""Answers plans by brute force, in plain Python, from the documents themselves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from search.contract import SearchDocument
from search.plan import BM25_B, BM25_K1, Alternative, Clause, Plan
from search.weighting import tokens_of


class Oracle:
    """Totals, counts, scores and orders of one set of documents."""

    def __init__(self, documents: Iterable[SearchDocument]) -> None:
        self._documents = list(documents)
        self._tokens = {document.id: tokens_of(document) for document in self._documents}
        self._counts = {id: Counter(tokens) for id, tokens in self._tokens.items()}
        self._holding = Counter(token for counts in self._counts.values() for token in counts)
        lengths = [len(tokens) for tokens in self._tokens.values()]
        self._average = sum(lengths) / max(len(lengths), 1)
        self._length = {id: coded_length(len(tokens)) for id, tokens in self._tokens.items()}
        self._latest: tuple[Plan | None, list[SearchDocument]] = None, []

    def total(self, plan: Plan) -> int:
        """How many documents answer."""
        return len(self._answering(plan))

    def counts(self, plan: Plan) -> dict[str, dict[str, int]]:
        """How many documents hold each value, by every filter but its own facet's."""
        found: dict[str, Counter[str]] = {key: Counter() for key in plan.counted}
        for key in plan.counted:
            for document in self._answering(plan, own=key):
                found[key].update(set(document.facets.get(key, ())))
        return {key: dict(values) for key, values in found.items()}

    def ranking(self, plan: Plan) -> list[tuple[int, float]]:
        """Every answering document's id and score in the plan's order."""
        found = self._answering(plan)
        scores = {document.id: self._score(document, plan) for document in found}
        keys = {
            "score": lambda document: (-scores[document.id],),
            "published": lambda document: (-int(document.published_at.timestamp()),),
            "title": lambda document: (document.title.casefold(),),
            "rank": lambda document: (-document.rank, -int(document.published_at.timestamp())),
        }
        found.sort(key=lambda document: (*keys[plan.order](document), document.id))
        return [(document.id, scores[document.id]) for document in found]

    def _answering(self, plan: Plan, own: str = "") -> list[SearchDocument]:
        """The documents that answer, where the filter of the facet `own` is left out."""
        return [
            document
            for document in self._unfiltered(plan)
            if all(
                key == own or set(values) & set(document.facets.get(key, ()))
                for key, values in plan.filters.items()
            )
        ]

    def _unfiltered(self, plan: Plan) -> list[SearchDocument]:
        """The documents that answer without any filter; kept for the plan that was asked last."""
        if self._latest[0] is not plan:
            found = [document for document in self._documents if self._fits(document, plan)]
            self._latest = plan, found
        return self._latest[1]

    def _fits(self, document: SearchDocument, plan: Plan) -> bool:
        held = self._counts[document.id]
        return (
            bool(document.audience & set(plan.audience))
            and (not plan.kinds or document.kind in plan.kinds)
            and document.id not in plan.excluded_ids
            and all(self._holds(document, held, clause) for clause in plan.required)
            and sum(self._holds(document, held, clause) for clause in plan.optional) >= plan.minimum
        )

    def _holds(self, document: SearchDocument, held: Counter[str], clause: Clause) -> bool:
        return any(self._frequency(document, held, way) for way in clause.alternatives)

    def _frequency(self, document: SearchDocument, held: Counter[str], way: Alternative) -> int:
        scarcest = min(held[token] for token in way.tokens)
        if scarcest and way.is_phrase and len(way.tokens) > 1:
            return occurrences(self._tokens[document.id], way.tokens)
        return scarcest

    def _score(self, document: SearchDocument, plan: Plan) -> float:
        held = self._counts[document.id]
        return sum(
            clause.weight
            * max(way.weight * self._relevance(document, held, way) for way in clause.alternatives)
            for clause in plan.clauses
        )

    def _relevance(self, document: SearchDocument, held: Counter[str], way: Alternative) -> float:
        frequency = self._frequency(document, held, way)
        if not frequency:
            return 0.0
        if way.is_phrase and len(way.tokens) > 1:
            rarity = sum(map(self._rarity, way.tokens))
            return rarity * self._saturation(frequency, document.id)
        return sum(
            self._rarity(token) * self._saturation(held[token], document.id) for token in way.tokens
        )

    def _rarity(self, token: str) -> float:
        holding = self._holding[token]
        return math.log(1 + (len(self._documents) - holding + 0.5) / (holding + 0.5))

    def _saturation(self, frequency: int, id: int) -> float:
        norm = BM25_K1 * (1 - BM25_B + BM25_B * self._length[id] / self._average)
        return frequency * (BM25_K1 + 1) / (frequency + norm)


def occurrences(tokens: Sequence[str], phrase: Sequence[str]) -> int:
    """How often a phrase stands in a text."""
    runs = zip(*(tokens[start:] for start in range(len(phrase))), strict=False)
    return list(runs).count(tuple(phrase))


def coded_length(length: int) -> int:
    """The length as both engines keep it in one byte: exact to 40, then four leading bits.

    This is Lucene's SmallFloat.intToByte4, decoded again.
    """
    exact = 24
    if length < exact:
        return length
    rest = length - exact
    bits = rest.bit_length()
    shift = max(bits - 4, 0)
    return exact + ((rest >> shift) << shift)
