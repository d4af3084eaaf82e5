"""Compiles a plan to tantivy's queries and aggregations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import tantivy
from tantivy import Occur, Query

from learning_hub.pages.visibility import PUBLIC
from search.engines.embedded.schema import coded
from search.plan import Alternative, Clause, Plan

_MAX_BUCKETS = 65_000
# More documents than this are found faster by one set of terms than by a query of them all.
_MANY_PLACES = 100

# A field and its value; the words of a phrase, where there are several.
Key = tuple[str, ...]


class Compiler:
    """Makes queries for one schema, whose facets have so many `slots` to be counted in."""

    def __init__(self, schema: tantivy.Schema, slots: Mapping[str, int]) -> None:
        self._schema = schema
        self._slots = slots

    def matching(self, plan: Plan, expired_at: int | None, own: str = "") -> Query:
        """The documents that answer, scored; by every filter but that of the facet `own`."""
        parts = [(Occur.Must, self._holding("audience", plan.audience))]
        if plan.kinds:
            parts.append((Occur.Must, self._holding("kind", plan.kinds)))
        for key, values in plan.filters.items():
            if key != own:
                parts.append((Occur.Must, self._holding(f"facets.{key}", map(coded, values))))
        if expired_at is not None:
            parts.append((Occur.MustNot, self.expired_at(expired_at)))
        if plan.excluded_ids:
            parts.append((Occur.MustNot, self.of_ids(plan.excluded_ids)))
        parts += self._text(plan)
        parts += [(Occur.Should, preference) for preference in self._preferences(plan)]
        return Query.boolean_query(parts)

    def counting(
        self, plan: Plan, expired_at: int | None, overfull: frozenset[str]
    ) -> Iterator[tuple[Query, dict[str, dict]]]:
        """Queries, each with the aggregation over it, that together count every facet.

        All facets that nothing is selected of are counted over one query; each of the others
        over its own. (One query with filter aggregations instead takes two to four times as
        long.) `overfull` are the facets of which a document has more values than slots.
        """
        free = [key for key in plan.counted if key not in plan.filters]
        if free:
            yield self.matching(plan, expired_at), self._counting(free, overfull)
        for own in plan.counted:
            if own in plan.filters:
                yield self.matching(plan, expired_at, own), self._counting([own], overfull)

    def counts(self, plan: Plan, found: Iterable[Mapping[str, dict]]) -> dict[str, dict[str, int]]:
        """Every counted facet's values and counts from what `counting` found."""
        counts: dict[str, dict[str, int]] = {key: {} for key in plan.counted}
        for columns in found:
            for column, buckets in columns.items():
                held = counts[column.partition(" ")[0]]
                for bucket in buckets["buckets"]:
                    if value := bucket["key"][1:]:
                        held[value] = held.get(value, 0) + bucket["doc_count"]
        return counts

    def overflow(self, keys: Iterable[str]) -> dict[str, dict]:
        """The aggregation that shows which facets have values beyond their slots."""
        return {key: {"terms": {"field": f"more.{key}", "size": 1}} for key in keys}

    def values_of(
        self, facet: str, searcher: tantivy.Searcher, among: Query | None = None
    ) -> set[str]:
        """Every value of a facet that some document holds; of those `among`, where given."""
        columns = self._counting([facet], frozenset([facet]))
        found = searcher.aggregate(among or Query.all_query(), columns)
        buckets = (bucket for column in found.values() for bucket in column["buckets"])
        return {bucket["key"][1:] for bucket in buckets} - {""}

    def expired_at(self, microseconds: int) -> Query:
        """The documents whose time has passed."""
        return Query.range_query(
            self._schema, "expires", tantivy.FieldType.Integer, upper_bound=microseconds
        )

    def public(self) -> Query:
        """The documents that everyone may see."""
        return self._holding("audience", (PUBLIC,))

    def of_ids(self, ids: Iterable[int]) -> Query:
        """The documents of these pages."""
        return Query.term_set_query(self._schema, "id", list(ids))

    def held(self, key: Key) -> Query:
        """The documents that hold the value or the phrase of `key`; adds nothing to the score."""
        field, *words = key
        if len(words) == 1:
            return self._holding(field, words)
        return Query.const_score_query(Query.phrase_query(self._schema, field, [*words]), 0.0)

    def placed_at(self, places: Iterable[int]) -> Query:
        """The documents at these places; adds nothing to the score."""
        numbers = list(places)
        if len(numbers) > _MANY_PLACES:
            found = Query.term_set_query(self._schema, "place", numbers)
        else:
            found = _any_of(Query.term_query(self._schema, "place", place) for place in numbers)
        return Query.const_score_query(found, 0.0)

    def any_clause(self, plan: Plan) -> Query:
        """The documents that hold one clause at least, scored as `matching` scores them."""
        return _any_of(self._clause(clause) for clause in plan.clauses)

    def token(self, token: str) -> Query:
        """The documents that hold the token, scored."""
        return Query.term_query(self._schema, "text", token)

    def titled(self, words: Iterable[str]) -> Query:
        """The documents whose title has words that begin with all of these."""
        beginnings = [
            Query.regex_query(self._schema, "title_words", f"{re.escape(word)}.*") for word in words
        ]
        return Query.boolean_query([(Occur.Must, beginning) for beginning in beginnings])

    def _counting(self, facets: Iterable[str], overfull: frozenset[str]) -> dict[str, dict]:
        return {
            f"{key} {column}": {"terms": {"field": column, "size": _MAX_BUCKETS}}
            for key in facets
            for column in self._columns(key, overfull)
        }

    def _columns(self, key: str, overfull: frozenset[str]) -> list[str]:
        slots = [f"slots.{key}_{slot}" for slot in range(self._slots.get(key, 0))]
        return [*slots, f"more.{key}"] if key in overfull else slots

    def _holding(self, field: str, values: Iterable[str]) -> Query:
        """One of `values` in `field`; adds nothing to the score."""
        terms = [Query.term_query(self._schema, field, value, "basic") for value in values]
        held = terms[0] if len(terms) == 1 else _any_of(terms)
        return Query.const_score_query(held, 0.0)

    def _text(self, plan: Plan) -> list[tuple[Occur, Query]]:
        parts = [(Occur.Must, self._clause(clause)) for clause in plan.required]
        optional = [self._clause(clause) for clause in plan.optional]
        if plan.minimum in (0, len(optional)):
            occur = Occur.Must if plan.minimum else Occur.Should
            return parts + [(occur, clause) for clause in optional]
        choice = Query.boolean_query(
            [(Occur.Should, clause) for clause in optional],
            minimum_number_should_match=plan.minimum,
        )
        return [*parts, (Occur.Must, choice)]

    def _clause(self, clause: Clause) -> Query:
        alternatives = [self._alternative(alternative) for alternative in clause.alternatives]
        best = alternatives[0]
        if len(alternatives) > 1:
            best = Query.disjunction_max_query(alternatives)
        return _weighted(best, clause.weight)

    def _alternative(self, alternative: Alternative) -> Query:
        words = alternative.tokens
        if len(words) == 1:
            query = self.token(words[0])
        elif alternative.is_phrase:
            query = Query.phrase_query(self._schema, "text", list(words))
        else:
            query = Query.boolean_query([(Occur.Must, self.token(word)) for word in words])
        return _weighted(query, alternative.weight)

    def _preferences(self, plan: Plan) -> list[Query]:
        return [
            Query.const_score_query(
                Query.term_query(
                    self._schema, f"facets.{preference.facet}", coded(preference.value), "basic"
                ),
                preference.weight,
            )
            for preference in plan.preferences
        ]


def _weighted(query: Query, weight: float) -> Query:
    return query if weight == 1.0 else Query.boost_query(query, weight)


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
