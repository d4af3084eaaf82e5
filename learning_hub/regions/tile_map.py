"""Lays the regions of England out as tiles, with how many case studies each has."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.models import Page

from learning_hub.regions.seeing import MAY_BE_CLOSED, Sight
from learning_hub.regions.studies import counts_by_region, library_address
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.models import Region
from learning_hub.taxonomy.vocabulary import TermEntry, Vocabularies

# In the units of the drawing, which at 320 px are pixels: nothing is smaller than 15 px there.
TILE, GAP, LINE, COUNT_BELOW = 92, 6, 17, 25
MOST_LINES, LINE_LENGTH = 3, 9
STEPS = 4
# Columns and rows of tiles, roughly as on a map; the South's three make the width.
PLACES = {
    "north-west": (0.5, 0),
    "north-east-and-yorkshire": (1.5, 0),
    "midlands": (0.5, 1),
    "east-of-england": (1.5, 1),
    "south-west": (0, 2),
    "south-east": (1, 2),
    "london": (2, 2),
}


@dataclass(frozen=True)
class RegionEntry:
    """A region with where it leads; `count` is None where search is not available.

    `page` is its own page, where it has one.
    """

    term: TermEntry
    address: str
    count: int | None
    page: Page | None = None

    @property
    def slug(self) -> str:
        """The region's word in addresses."""
        return self.term.slug

    @property
    def name(self) -> str:
        """What the region is called today."""
        return self.term.name

    @property
    def former_names(self) -> tuple[str, ...]:
        """What its parts were called, where that was another name."""
        return tuple(name for name in self.term.former_names if name != self.name)

    @property
    def label(self) -> str:
        """Such as “North West: 9 case studies”, which is what the link is called."""
        return self.name if self.count is None else f"{self.name}: {studies(self.count)}"

    @property
    def studies(self) -> str:
        """The count in words; empty where it is not known."""
        return "" if self.count is None else studies(self.count)


@dataclass(frozen=True)
class Line:
    """One line of a tile's text, and where it stands."""

    text: str
    y: int


@dataclass(frozen=True)
class Tile:
    """A region's place in the drawing. `step` is its colour, from 0 for none to STEPS."""

    entry: RegionEntry
    x: int
    y: int
    step: int
    lines: tuple[Line, ...]
    count_y: int

    @property
    def middle(self) -> int:
        """Where its text is centred."""
        return self.x + TILE // 2


@dataclass(frozen=True)
class LegendEntry:
    """What a colour means."""

    step: int
    text: str


@dataclass(frozen=True)
class RegionMap:
    """The drawing, and the same as a list. `others` are regions that have no tile."""

    tiles: tuple[Tile, ...]
    entries: tuple[RegionEntry, ...]
    others: tuple[RegionEntry, ...]
    legend: tuple[LegendEntry, ...]
    size: int = TILE
    width: int = 3 * TILE + 2 * GAP
    height: int = 3 * TILE + 2 * GAP

    @property
    def is_counted(self) -> bool:
        """Whether search could say how many studies there are."""
        return all(entry.count is not None for entry in self.entries)


def region_map(request: HttpRequest) -> RegionMap:
    """The map for this visitor, made once a request: three queries, one search among them.

    Two more where pages are restricted. A region whose page is kept from her is not on it; one
    without a page leads to its studies.
    """
    kept: RegionMap | None = getattr(request, "_hub_region_map", None)
    if kept is None:
        kept = _made(request)
        request._hub_region_map = kept  # type: ignore[attr-defined]
    return kept


def step_ranges(most: int) -> list[range]:
    """The numbers of each colour above none: equally long ranges from 1 to `most` or beyond."""
    length = max(-(-most // STEPS), 1)
    return [range(first, first + length) for first in range(1, most + 1, length)]


def studies(count: int) -> str:
    """A number of case studies, in words."""
    return f"{count} case stud{'y' if count == 1 else 'ies'}"


def _made(request: HttpRequest) -> RegionMap:
    terms = vocabulary.current()
    counts = counts_by_region(request, terms)
    entries = tuple(_entries(request, terms, counts))
    placed = sorted(
        (entry for entry in entries if entry.slug in PLACES),
        key=lambda entry: (PLACES[entry.slug][1], PLACES[entry.slug][0]),
    )
    ranges = step_ranges(max((entry.count or 0 for entry in placed), default=0))
    return RegionMap(
        tiles=tuple(_tile(entry, ranges) for entry in placed),
        entries=entries,
        others=tuple(entry for entry in entries if entry.slug not in PLACES),
        legend=_legend(ranges) if counts else (),
    )


def _entries(
    request: HttpRequest, terms: Vocabularies, counts: Mapping[str, int]
) -> Iterator[RegionEntry]:
    rows = Region.objects.unmerged().select_related("page").defer("page__body")
    regions = {row.pk: row for row in rows.annotate(may_be_closed=MAY_BE_CLOSED)}
    sight = Sight(request, regions.values())
    for term in terms.terms["region"]:
        page = getattr(regions.get(term.id), "page", None)
        count = counts.get(term.slug)
        if page is not None and page.live:
            if sight.reaches(page):
                yield RegionEntry(term, page.get_url(request), count, page)
        elif not term.is_retired:
            yield RegionEntry(term, library_address(term.slug, terms), count)


def _tile(entry: RegionEntry, ranges: Sequence[range]) -> Tile:
    column, row = PLACES[entry.slug]
    x, y = int(column * (TILE + GAP)), int(row * (TILE + GAP))
    texts = textwrap.wrap(entry.name, width=LINE_LENGTH, max_lines=MOST_LINES, placeholder="…") or [
        entry.slug
    ]
    height = LINE * len(texts) + (COUNT_BELOW if entry.count is not None else 0)
    first = y + (TILE - height) // 2 + LINE - 4  # from the top of a line to its foot
    lines = tuple(Line(text, first + LINE * number) for number, text in enumerate(texts))
    return Tile(entry, x, y, _step(entry.count or 0, ranges), lines, lines[-1].y + COUNT_BELOW)


def _step(count: int, ranges: Sequence[range]) -> int:
    return next((step for step, each in enumerate(ranges, start=1) if count in each), 0)


def _legend(ranges: Sequence[range]) -> tuple[LegendEntry, ...]:
    written = [f"{each[0]}" if len(each) == 1 else f"{each[0]} to {each[-1]}" for each in ranges]
    return tuple(LegendEntry(step, text) for step, text in enumerate(["None", *written]))
