"""Counts and finds the case studies of the regions through search, so that no count can leak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.http import HttpRequest
from wagtail.models import Page

from learning_hub.pages.visibility import visitor_of
from learning_hub.taxonomy.vocabulary import Vocabularies
from search import query, registry
from search.contract import Collection, FacetRow, Hit, SearchRequest, SearchResults, Value
from search.excerpts import Pieces, excerpt_of
from search.request import query_string

# Promises to people outside, so they are known without asking the database.
LIBRARY_ADDRESS = "/case-studies/"
LIBRARY = "case-studies"
BEST_SHOWN = 3
_BY_EVIDENCE = "evidence"


@dataclass(frozen=True)
class StudyFound:
    """A case study of the region, with its result."""

    page: Page
    result: Pieces
    is_illustrative: bool


@dataclass(frozen=True)
class TypeCount:
    """An intervention type: how many studies use it, where they are, and how long its bar is.

    `address` is empty where there are none; `bar` is in per cent of the longest.
    """

    label: str
    count: int
    address: str
    bar: str


@dataclass(frozen=True)
class RegionStudies:
    """What search knows of a region's studies; nothing where it is not available."""

    is_available: bool
    address: str = LIBRARY_ADDRESS
    total: int = 0
    types: tuple[TypeCount, ...] = ()
    hits: tuple[Hit, ...] = ()

    def best(self, pages: Mapping[int, Page]) -> list[StudyFound]:
        """Those with the strongest evidence, of `pages` that are still to be seen."""
        return [
            StudyFound(page, excerpt_of(hit), _is_illustrative(page))
            for hit in self.hits
            if (page := pages.get(hit.id))
        ]


def studies_of(region: str, request: HttpRequest, terms: Vocabularies) -> RegionStudies:
    """The studies of the region with this slug that the visitor may see. One search."""
    collection = _library(terms, "region", "intervention")
    if collection is None:
        return RegionStudies(is_available=False)
    asked = SearchRequest(
        selections={"region": (region,)},
        sort=_BY_EVIDENCE,
        page_size=BEST_SHOWN,
        visitor=visitor_of(request),
    )
    results = query.run(collection, asked)
    address = library_address(region, terms)
    if query.UNAVAILABLE in results.notices:
        return RegionStudies(is_available=False, address=address)
    return RegionStudies(
        is_available=True,
        address=address,
        total=results.total,
        types=_types(region, _rows(results, "intervention"), terms),
        hits=results.hits,
    )


def counts_by_region(request: HttpRequest, terms: Vocabularies) -> Mapping[str, int]:
    """How many studies each region has for this visitor, by slug. One search.

    Empty where search is not available.
    """
    collection = _library(terms, "region")
    if collection is None:
        return {}
    results = query.run(collection, SearchRequest(page_size=1, visitor=visitor_of(request)))
    if query.UNAVAILABLE in results.notices:
        return {}
    return {row.value: row.count for row in _rows(results, "region")}


def library_address(region: str, terms: Vocabularies, intervention: str = "") -> str:
    """Where the library shows a region's studies, those of one intervention type where given."""
    collection = _library(terms, "region", "intervention")
    if collection is None:
        return LIBRARY_ADDRESS
    selections = {"region": (region,), "intervention": (intervention,)}
    asked = {key: values for key, values in selections.items() if any(values)}
    return LIBRARY_ADDRESS + query_string(collection, SearchRequest(selections=asked))


def _library(terms: Vocabularies, *keys: str) -> Collection | None:
    """The library with these facets alone, whose values come from the vocabularies at hand."""
    collection = registry.collection(LIBRARY)
    if collection is None:
        return None
    facets = tuple(
        replace(facet, values=partial(_values, terms, facet.key))
        for facet in collection.facets
        if facet.key in keys
    )
    return replace(collection, facets=facets)


def _values(terms: Vocabularies, key: str) -> Sequence[Value]:
    return [Value(term.slug, term.name, group=term.group) for term in terms.terms[key]]


def _rows(results: SearchResults, key: str) -> tuple[FacetRow, ...]:
    return next((facet.rows for facet in results.facets if facet.key == key), ())


def _types(region: str, rows: Iterable[FacetRow], terms: Vocabularies) -> tuple[TypeCount, ...]:
    """The broad types; the library offers the narrower ones below each."""
    retired = {term.slug for term in terms.terms["intervention"] if term.is_retired}
    broad = [row for row in rows if row.group is None and (row.count or row.value not in retired)]
    most = max((row.count for row in broad), default=0) or 1
    return tuple(
        TypeCount(
            label=row.label,
            count=row.count,
            address=library_address(region, terms, row.value) if row.count else "",
            bar=f"{100 * row.count / most:.1f}%",
        )
        for row in broad
    )


def _is_illustrative(page: Page) -> bool:
    return bool(getattr(getattr(page, "casestudypage", None), "is_illustrative", False))
