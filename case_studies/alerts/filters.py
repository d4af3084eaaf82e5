"""The filter of an alert: one text for each set of studies, and how it reads in a sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse

from case_studies import facets
from case_studies.library import find
from learning_hub.pages.visibility import ANYONE, Visitor
from search.contract import PAGE_SIZE, Collection, SearchRequest, Value
from search.request import query_string
from search.sentence import sentence

# A promise to people outside, so it is known without asking the database.
LIBRARY = "/case-studies/"
# They say how results are shown, not which.
_NOT_OF_A_FILTER = ("sort", "page", "page_size")


@dataclass(frozen=True)
class Filter:
    """Which studies an alert is about. `query` has a fixed order, so equal filters are equal."""

    query: str

    @property
    def key(self) -> str:
        """The same for filters that find the same; search knows no capitals."""
        return hashlib.sha256(self.query.casefold().encode()).hexdigest()

    @property
    def address(self) -> str:
        """The parameters from their question mark on; empty for all studies."""
        return f"?{self.query}" if self.query else ""

    @property
    def library(self) -> str:
        """Where the library shows the same studies, on this site."""
        return f"{LIBRARY}{self.address}"

    @property
    def feed(self) -> str:
        """Where the Atom feed of the same studies is, on this site."""
        return f"{reverse('case_study_feed')}{self.address}"


@dataclass(frozen=True)
class Asked:
    """What an address asks an alert for: what of it was left out, and how many match today."""

    filter: Filter
    sentence: str
    notices: tuple[str, ...]
    total: int


def asked(parameters: QueryDict, visitor: Visitor) -> Asked:
    """The filter that an address holds; what it cannot hold is left out and said so."""
    kept = parameters.copy()
    for name in _NOT_OF_A_FILTER:
        kept.pop(name, None)
    finding = find(kept, visitor, page_size=1)
    request = _in_order(finding.results.request)
    return Asked(
        filter=Filter(query_string(finding.collection, request).removeprefix("?")),
        sentence=described(finding.collection, request),
        notices=finding.notices,
        total=finding.results.total,
    )


def request_of(query: str, collection: Collection, visitor: Visitor = ANYONE) -> SearchRequest:
    """The search of a stored filter, newest first.

    A merged term leads to the one that took its place. A value that is known no longer stays:
    it finds nothing, where leaving it out would find everything.
    """
    parameters = QueryDict(query)
    selections = {
        facet.key: _as_of_today(collection, facet.key, values)
        for facet in collection.facets
        if (values := parameters.getlist(facet.key))
    }
    return SearchRequest(
        text=parameters.get("q", ""), selections=selections, sort="newest", visitor=visitor
    )


def described(collection: Collection, request: SearchRequest, number: int = 0) -> str:
    """Such as: case studies about “simulation” in London; with a number, 1 new case study…"""
    labels = {key: _labels(collection, key, values) for key, values in request.selections.items()}
    _, _, read = sentence(collection, request, number or 2, labels).partition(" ")
    return f"{number:,} new {read}" if number else read


def read_back(query: str, number: int = 0, collection: Collection | None = None) -> str:
    """A stored filter as a sentence."""
    collection = collection or facets.library()
    return described(collection, request_of(query, collection), number)


def _in_order(request: SearchRequest) -> SearchRequest:
    selections = {key: tuple(sorted(values)) for key, values in request.selections.items()}
    return replace(request, selections=selections, sort="relevance", page=1, page_size=PAGE_SIZE)


def _as_of_today(collection: Collection, key: str, chosen: Sequence[str]) -> tuple[str, ...]:
    """The chosen slugs, those of merged terms as the slugs of what they became."""
    known = _vocabulary(collection, key)
    leads = {alias: value.value for value in known for alias in value.aliases}
    leads |= {value.value: value.value for value in known}
    return tuple(dict.fromkeys(leads.get(slug, slug) for slug in chosen))


def _vocabulary(collection: Collection, key: str) -> Sequence[Value]:
    facet = collection.facet(key)
    return facet.values() if facet and facet.values else ()


def _labels(collection: Collection, key: str, chosen: Sequence[str]) -> list[str]:
    """The chosen values as they read in a sentence, in the vocabulary's order."""
    known = {v.value: v.spoken or v.label for v in _vocabulary(collection, key)}
    named = [label for slug, label in known.items() if slug in chosen]
    return named + sorted(value for value in chosen if value not in known)
