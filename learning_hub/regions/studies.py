"""Finds the case studies of the regions through search, so that no count can leak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.models import Page

from learning_hub.pages.visibility import barriers_of, visible_to, visitor_of
from search import query, registry
from search.contract import Collection, FacetRow, Hit, SearchRequest, SearchResults
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
    """What a region's page shows of the library. Nothing where search is not available."""

    is_available: bool
    address: str = LIBRARY_ADDRESS
    total: int = 0
    types: tuple[TypeCount, ...] = ()
    best: tuple[StudyFound, ...] = ()


def studies_of(region: str, request: HttpRequest) -> RegionStudies:
    """The studies of the region with this slug that the visitor may see.

    One search; two queries more for the pages of those that are shown.
    """
    collection = registry.collection(LIBRARY)
    if collection is None:
        return RegionStudies(is_available=False)
    asked = SearchRequest(
        selections={"region": (region,)},
        sort=_BY_EVIDENCE,
        page_size=BEST_SHOWN,
        visitor=visitor_of(request),
    )
    results = query.run(collection, asked)
    if not _answered(results):
        return RegionStudies(is_available=False, address=library_address(collection, region))
    return RegionStudies(
        is_available=True,
        address=library_address(collection, region),
        total=results.total,
        types=_types(collection, region, _rows(results, "intervention")),
        best=tuple(_pages(results.hits, request)),
    )


def counts_by_region(request: HttpRequest) -> tuple[Mapping[str, int], Mapping[str, str]]:
    """How many studies each region has for this visitor, and the address of its studies, by slug.

    One search. No counts where search is not available.
    """
    collection = registry.collection(LIBRARY)
    if collection is None:
        return {}, {}
    results = query.run(collection, SearchRequest(page_size=1, visitor=visitor_of(request)))
    rows = _rows(results, "region")
    addresses = {row.value: library_address(collection, row.value) for row in rows}
    return ({row.value: row.count for row in rows} if _answered(results) else {}), addresses


def library_address(collection: Collection, region: str, intervention: str = "") -> str:
    """Where the library shows a region's studies, those of one intervention type where given."""
    selections = {"region": (region,), "intervention": (intervention,)}
    asked = {key: values for key, values in selections.items() if any(values)}
    return LIBRARY_ADDRESS + query_string(collection, SearchRequest(selections=asked))


def _answered(results: SearchResults) -> bool:
    return query.UNAVAILABLE not in results.notices


def _rows(results: SearchResults, key: str) -> tuple[FacetRow, ...]:
    return next((facet.rows for facet in results.facets if facet.key == key), ())


def _types(
    collection: Collection, region: str, rows: Iterable[FacetRow]
) -> tuple[TypeCount, ...]:
    """The broad types; the library offers the narrower ones below each."""
    broad = [row for row in rows if row.group is None]
    most = max((row.count for row in broad), default=0) or 1
    return tuple(
        TypeCount(
            label=row.label,
            count=row.count,
            address=library_address(collection, region, row.value) if row.count else "",
            bar=f"{100 * row.count / most:.1f}%",
        )
        for row in broad
    )


def _pages(hits: Iterable[Hit], request: HttpRequest) -> Iterable[StudyFound]:
    """The studies in their order; one that was withdrawn meanwhile is left out."""
    found = {hit.id: hit for hit in hits}
    seen = visible_to(visitor_of(request), barriers_of(request))
    pages = {page.pk: page for page in Page.objects.filter(seen, pk__in=found).specific()}
    for pk, hit in found.items():
        if pk in pages:
            yield StudyFound(pages[pk], excerpt_of(hit))
