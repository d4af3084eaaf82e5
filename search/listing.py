"""What a page of results shows: every address, count and choice ready for its template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from learning_hub.design_system.pagination import Pagination, pagination
from search.contract import Collection, FacetResult, FacetRow, SearchRequest, SearchResults
from search.query import ABOUT_THE_ENGINE, UNAVAILABLE
from search.request import at_page, cleared, query_string, with_text, without, without_text

# Facets that are open when a visitor arrives, and the length from which a facet can be filtered.
OPEN_AT_FIRST = 4
LONG = 15


@dataclass(frozen=True)
class Row:
    """A facet's row, with the rows below it where it is a group."""

    row: FacetRow
    narrower: tuple[FacetRow, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a row below it is selected, and so has to be in sight."""
        return any(row.selected for row in self.narrower)


@dataclass(frozen=True)
class Panel:
    """A facet to choose from."""

    key: str
    label: str
    rows: tuple[Row, ...]
    selected: int
    is_open: bool
    is_long: bool


@dataclass(frozen=True)
class Tag:
    """Something that was chosen, with the address of the same results without it."""

    kind: str
    label: str
    address: str


@dataclass(frozen=True)
class SortOption:
    """An order to choose. The default has no value, so that addresses stay short."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class WayOut:
    """One way out of an empty result."""

    label: str
    total: int
    address: str


@dataclass(frozen=True)
class Listing:
    """One page of results of `collection`, at the path `address`."""

    collection: Collection
    results: SearchResults
    notices: tuple[str, ...]
    address: str

    @property
    def request(self) -> SearchRequest:
        """What was answered."""
        return self.results.request

    @property
    def title(self) -> str:
        """The results read back, with the number of every page but the first."""
        if not self.is_available:
            return "Search is not available just now"
        if self.request.page == 1:
            return self.results.sentence
        return f"{self.results.sentence} (page {self.request.page} of {self.results.pages})"

    @property
    def is_available(self) -> bool:
        """Whether any engine answered: where none did, that nothing was found says nothing."""
        return UNAVAILABLE not in self.notices

    @property
    def notices_heading(self) -> str:
        """What the notices are about; empty where they all say what was left out."""
        if any(notice in ABOUT_THE_ENGINE for notice in self.notices):
            return "About this search"
        return ""

    @property
    def query(self) -> str:
        """The search as it stands in an address, from its question mark on; empty for none."""
        return query_string(self.collection, at_page(self.request, 1))

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The facets in their order; those that matter first, or hold a choice, are open."""
        return tuple(
            _panel(facet, is_early=index < OPEN_AT_FIRST)
            for index, facet in enumerate(self.results.facets)
            if facet.rows
        )

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """Everything that narrows these results, each with a way to take it away."""
        return tuple(self._tags())

    def _tags(self) -> Iterator[Tag]:
        if self.request.text:
            label = f"“{self.request.text}”"
            yield Tag("Words", label, self._to(without_text(self.request)))
        for facet in self.results.facets:
            for row in facet.selected_rows:
                address = self._to(without(self.request, facet.key, row.value))
                yield Tag(facet.label, row.label, address)

    @property
    def clear_address(self) -> str:
        """The address of everything there is."""
        return self._to(without_text(cleared(self.request)))

    @property
    def sorts(self) -> list[SortOption]:
        """The orders to choose from; the best match only where there are words to match."""
        offered = [s for s in self.collection.sorts if s.field != "score" or self.request.text]
        return [
            SortOption("" if index == 0 else sort.key, sort.label, sort.key == self.request.sort)
            for index, sort in enumerate(offered)
        ]

    @property
    def pagination(self) -> Pagination:
        """The pages around this one."""
        return pagination(
            page=self.request.page,
            pages=self.results.pages,
            address=lambda number: self._to(at_page(self.request, number)),
        )

    @property
    def suggestion_address(self) -> str:
        """The address of the same search in the suggested spelling."""
        return self._to(with_text(self.request, self.results.suggestion or ""))

    @property
    def ways_out(self) -> list[WayOut]:
        """What to take away from a search that found nothing, and what would then be found."""
        return [
            WayOut(loosening.label, loosening.total, self._to(loosening.request))
            for loosening in self.results.loosenings
        ]

    def _to(self, request: SearchRequest) -> str:
        return self.address + query_string(self.collection, request)


def _panel(facet: FacetResult, *, is_early: bool) -> Panel:
    selected = len(facet.selected_rows)
    return Panel(
        key=facet.key,
        label=facet.label,
        rows=tuple(_rows(facet)),
        selected=selected,
        is_open=is_early or bool(selected),
        is_long=len(facet.rows) > LONG,
    )


def _rows(facet: FacetResult) -> Iterator[Row]:
    """The rows in their order, those of a group below it."""
    values = {row.value for row in facet.rows}
    narrower: dict[str, list[FacetRow]] = {}
    for row in facet.rows:
        if row.group in values:
            narrower.setdefault(row.group or "", []).append(row)
    for row in facet.rows:
        if row.group not in values:
            yield Row(row, tuple(narrower.get(row.value, ())))
