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

    def total(self, plan: Plan) -> int:
        """How many documents answer."""
        return sum(self._answers(document, plan) for document in self._documents)

    def counts(self, plan: Plan) -> dict[str, dict[str, int]]:
        """How many documents hold each value, by every filter but its own facet's."""
        found: dict[str, Counter[str]] = {key: Counter() for key in plan.counted}
        for document in self._documents:
            for key in plan.counted:
                if self._answers(document, plan, own=key):
                    found[key].update(set(document.facets.get(key, ())))
        return {key: dict(values) for key, values in found.items()}

    def ranking(self, plan: Plan) -> list[tuple[int, float]]:
        """Every answering document's id and score in the plan's order."""
        found = [document for document in self._documents if self._answers(document, plan)]
        scores = {document.id: self._score(document, plan) for document in found}
        keys = {
            "score": lambda document: (-scores[document.id],),
            "published": lambda document: (-int(document.published_at.timestamp()),),
            "title": lambda document: (document.title.casefold(),),
            "rank": lambda document: (-document.rank, -int(document.published_at.timestamp())),
        }
        found.sort(key=lambda document: (*keys[plan.order](document), document.id))
        return [(document.id, scores[document.id]) for document in found]

    def _answers(self, document: SearchDocument, plan: Plan, own: str = "") -> bool:
        held = self._counts[document.id]
        optional = sum(self._holds(document, held, clause) for clause in plan.optional)
        return (
            bool(document.audience & set(plan.audience))
            and (not plan.kinds or document.kind in plan.kinds)
            and document.id not in plan.excluded_ids
            and all(
                key == own or set(values) & set(document.facets.get(key, ()))
                for key, values in plan.filters.items()
            )
            and all(self._holds(document, held, clause) for clause in plan.required)
            and optional >= plan.minimum
        )

    def _holds(self, document: SearchDocument, held: Counter[str], clause: Clause) -> bool:
        return any(self._frequency(document, held, way) for way in clause.alternatives)

    def _frequency(self, document: SearchDocument, held: Counter[str], way: Alternative) -> int:
        if way.is_phrase and len(way.tokens) > 1:
            return occurrences(self._tokens[document.id], way.tokens)
        return min(held[token] for token in way.tokens)

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
    return sum(tuple(tokens[at : at + len(phrase)]) == tuple(phrase) for at in range(len(tokens)))


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
