"""Compiles a plan to the body of a search, by the client's own faceted search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zlib import crc32

from elasticsearch.dsl import FacetedSearch, Search, TermsFacet
from elasticsearch.dsl.query import (
    Bool,
    ConstantScore,
    DisMax,
    Ids,
    MatchPhrase,
    Prefix,
    Query,
    Range,
    Term,
    Terms,
)

from learning_hub.pages.visibility import PUBLIC
from search.engines.elasticsearch.facet_sizes import MOST_VALUES
from search.engines.elasticsearch.mapping import clean, facet_field
from search.plan import Alternative, Clause, Plan, Preference

_MOST_WORDS = 50_000
_SORTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "score": (("_score", "desc"), ("id", "asc")),
    "published": (("published", "desc"), ("id", "asc")),
    "title": (("title_order", "asc"),),
    "rank": (("rank", "desc"), ("published", "desc"), ("id", "asc")),
}
_PUBLIC = Term("audience", {"value": PUBLIC})
_OPPOSITE = {"asc": "desc", "desc": "asc"}


class PlannedSearch(FacetedSearch):
    """A plan as a faceted search.

    Words and all that decides who may see what are its query; selections of counted facets are
    its filters, so that each facet is counted with all of them but its own. `sizes` is how many
    values of each are counted.
    """

    def __init__(
        self,
        plan: Plan,
        facets: frozenset[str],
        *,
        sizes: Mapping[str, int] = MappingProxyType({}),
        expired_at: int | None = None,
        title_begins: Sequence[str] = (),
    ) -> None:
        self._plan = plan
        self._announced = facets
        self._expired_at = expired_at
        self._title_begins = title_begins
        self.facets = {
            key: TermsFacet(field=facet_field(key, facets), size=sizes.get(key, MOST_VALUES))
            for key in plan.counted
        }
        chosen: dict[str, Any] = {
            key: [clean(value) for value in values]
            for key, values in plan.filters.items()
            if key in self.facets
        }
        super().__init__(query=self._matching(), filters=chosen)

    def search(self) -> Search:
        """A search that nothing is asked of yet."""
        return Search().extra(track_total_hits=True)

    def query(self, search: Any, query: Any) -> Search:
        """See FacetedSearch."""
        return search.query(query)

    def body(self) -> dict[str, Any]:
        """The body without a window: totals and counts alone."""
        return {**self._s.to_dict(), "size": 0}

    def window(self, start: int, size: int, *, is_reversed: bool = False) -> dict[str, Any]:
        """The body with the hits from `start` on, counted from the last one where reversed."""
        order = [
            {field: _OPPOSITE[direction] if is_reversed else direction}
            for field, direction in _SORTS.get(self._plan.order, _SORTS["score"])
        ]
        shown = {"from": start, "size": size, "sort": order, "_source": ["shown"]}
        return {**self._s.to_dict(), **shown}

    def _matching(self) -> Query:
        plan = self._plan
        matched, preferred = self._text()
        preferred += [self._preference(preference) for preference in plan.preferences]
        return Bool(
            filter=list(self._filters_inside()),
            must_not=list(self._excluded()),
            must=matched,
            should=preferred,
            minimum_should_match=0,
        )

    def _filters_inside(self) -> Iterable[Query]:
        plan = self._plan
        yield Terms("audience", list(plan.audience))
        if plan.kinds:
            yield Terms("kind", list(plan.kinds))
        for key, values in plan.filters.items():
            if key not in self.facets:
                yield Terms(facet_field(key, self._announced), [clean(value) for value in values])
        for beginning in self._title_begins:
            yield Prefix("title_words", {"value": beginning})

    def _excluded(self) -> Iterable[Query]:
        if self._expired_at is not None:
            yield Range("expires", {"lte": self._expired_at})
        if self._plan.excluded_ids:
            yield Ids(values=[str(id) for id in self._plan.excluded_ids])

    def _text(self) -> tuple[list[Query], list[Query]]:
        """What must be held, and what only adds to the score."""
        plan = self._plan
        required = [_clause(clause) for clause in plan.required]
        optional = [_clause(clause) for clause in plan.optional]
        if plan.minimum == 0:
            return required, optional
        if plan.minimum == len(optional):
            return [*required, *optional], []
        return [*required, Bool(should=optional, minimum_should_match=plan.minimum)], []

    def _preference(self, preference: Preference) -> Query:
        field = facet_field(preference.facet, self._announced)
        return ConstantScore(
            filter=Term(field, {"value": clean(preference.value)}), boost=preference.weight
        )


def copy_to_ask(plan: Plan) -> str:
    """Names the plan without its window: all its pages come from one copy of each shard.

    Copies count deleted documents differently, so that near-equal scores could change places.
    """
    asked = (plan.audience, plan.clauses, sorted(plan.filters.items()), plan.kinds, plan.order)
    return f"plan-{crc32(repr(asked).encode('utf-8', 'surrogatepass')):08x}"


def public_with(token: str) -> dict[str, Any]:
    """The search whether a document that everyone may see holds the token."""
    held: list[Query] = [_PUBLIC, _word(token)]
    query = Bool(filter=held).to_dict()
    return {"query": query, "size": 0, "terminate_after": 1, "track_total_hits": True}


def public_words(fields: Sequence[str], prefix: str, seconds: float) -> dict[str, Any]:
    """The search for words that everyone may see, with how many documents hold each."""
    begins = {"include": f"{_literally(prefix)}.*"} if prefix else {}
    return {
        "query": Bool(filter=[_PUBLIC]).to_dict(),
        "size": 0,
        "timeout": f"{round(seconds * 1000)}ms",
        "aggs": {
            field: {"terms": {"field": field, "size": _MOST_WORDS // len(fields), **begins}}
            for field in fields
        },
    }


def _literally(text: str) -> str:
    """A pattern that only the text itself matches: the server's signs are more than Python's."""
    return re.sub(r"([^\w\s])", r"\\\1", text)


def _clause(clause: Clause) -> Query:
    alternatives = clause.alternatives
    if len(alternatives) == 1:
        return _alternative(alternatives[0], clause.weight)
    ways = [_alternative(alternative) for alternative in alternatives]
    return DisMax(queries=ways, boost=clause.weight)


def _alternative(alternative: Alternative, weight: float = 1.0) -> Query:
    words, boost = alternative.tokens, alternative.weight * weight
    if len(words) == 1:
        return _word(words[0], boost)
    if alternative.is_phrase:
        return MatchPhrase("text", {"query": " ".join(words), "boost": boost})
    return Bool(must=[_word(word) for word in words], boost=boost)


def _word(token: str, boost: float = 1.0) -> Query:
    return Term("text", {"value": token, "boost": boost})
