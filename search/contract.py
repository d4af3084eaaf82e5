"""The neutral contract of search: what is asked, what is indexed, what is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from learning_hub.pages.visibility import ANYONE, Visitor

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100


@dataclass(frozen=True)
class Value:
    """One value of a facet, in the vocabulary's order.

    `value` is the slug in addresses and in the index, `group` the slug of the value that holds
    it (a specialty's group), `aliases` former slugs that still work in an address, `spoken` the
    label as it reads in a sentence, where that differs: "the North West".
    """

    value: str
    label: str
    group: str | None = None
    aliases: tuple[str, ...] = ()
    spoken: str = ""


@dataclass(frozen=True)
class Facet:
    """One way to narrow results: `key` is the word in the address.

    `values` gives the vocabulary; None where the values are whatever the documents hold (years),
    shown from the highest down. `phrase` reads a selection back in a sentence: "in {}".
    `usual_values` is how many a document hardly ever exceeds, groups included; more are counted
    just as right, only slower.
    """

    key: str
    label: str
    phrase: str
    values: Callable[[], Sequence[Value]] | None = None
    usual_values: int = 4


@dataclass(frozen=True)
class Sort:
    """One order of results. `field` is "score", "published", "title" or "rank"."""

    key: str
    label: str
    field: str


@dataclass(frozen=True)
class Collection:
    """What one listing searches: documents of `kinds` (all where empty), by `facets`."""

    key: str
    noun: str
    noun_plural: str
    facets: tuple[Facet, ...]
    sorts: tuple[Sort, ...]
    kinds: tuple[str, ...] = ()

    def facet(self, key: str) -> Facet | None:
        """The facet of this key, if there is one."""
        return next((facet for facet in self.facets if facet.key == key), None)


@dataclass(frozen=True)
class SearchDocument:
    """One page as the index sees it. Texts are plain; `facets` hold slugs, groups included.

    `audience` are the tokens of those who may see it (never empty: what nobody may see is not
    indexed). `rank` orders by the collection's own scale, highest first (evidence).
    """

    id: int
    kind: str
    title: str
    summary: str
    body: str
    facets: Mapping[str, tuple[str, ...]]
    audience: frozenset[str]
    published_at: datetime
    rank: int = 0
    expires_at: datetime | None = None


@dataclass(frozen=True)
class SearchRequest:
    """One search by one visitor. `selections` maps a facet's key to slugs that exist."""

    text: str = ""
    selections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    page_size: int = PAGE_SIZE
    visitor: Visitor = ANYONE


@dataclass(frozen=True)
class FacetRow:
    """One value with its count. The count ignores the selections of its own facet."""

    value: str
    label: str
    count: int
    selected: bool
    group: str | None = None

    @property
    def disabled(self) -> bool:
        """Whether choosing it would find nothing."""
        return self.count == 0 and not self.selected


@dataclass(frozen=True)
class FacetResult:
    """A facet with all its values in the vocabulary's order, zero counts too."""

    key: str
    label: str
    rows: tuple[FacetRow, ...]

    @property
    def selected_rows(self) -> tuple[FacetRow, ...]:
        """The rows that the visitor chose."""
        return tuple(row for row in self.rows if row.selected)


@dataclass(frozen=True)
class Hit:
    """One result: the page's id and where the words were found, as pieces of (text, is_match).

    `facets` are the values that its document was found under, so that a list can name them.
    """

    id: int
    kind: str
    score: float
    title_pieces: tuple[tuple[str, bool], ...]
    excerpt_pieces: tuple[tuple[str, bool], ...]
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Loosening:
    """One way out of an empty result: what to take away, and how many would be found."""

    label: str
    request: SearchRequest
    total: int


@dataclass(frozen=True)
class SearchResults:
    """The answer. `sentence` reads the search back; `engine` names who answered.

    `request` is what was answered: its page exists. `notices` say in plain words what was asked
    and could not be, such as a page that is not there, or that search is not available now.
    """

    request: SearchRequest
    total: int
    pages: int
    hits: tuple[Hit, ...]
    facets: tuple[FacetResult, ...]
    sentence: str
    engine: str
    suggestion: str | None = None
    loosenings: tuple[Loosening, ...] = ()
    notices: tuple[str, ...] = ()


class DocumentSource(Protocol):
    """What a room registers so that its pages are found; see `search.registry`.

    `label` is what visitors call many pages of this kind.
    """

    kind: str
    label: str

    def documents(self, ids: Sequence[int]) -> Mapping[int, SearchDocument]:
        """The documents of those pages that anyone may find. Queries do not grow with `ids`."""

    def ids(self) -> Sequence[int]:
        """The ids of all pages of this kind that may have a document."""
