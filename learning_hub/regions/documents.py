"""What search is told about the regions' pages, and about the page that lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from learning_hub.blocks.plain_text import body_text
from learning_hub.pages.models import HubPageQuerySet
from learning_hub.regions.models import RegionIndexPage, RegionPage
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.contract import SearchDocument
from search.page_source import PageSource

KIND, LABEL = "region", "Regions"


class _IndexPart(PageSource[RegionIndexPage]):
    """The page of all regions, which holds the figures of England."""

    kind = KIND
    label = LABEL
    model = RegionIndexPage

    def pages(self) -> HubPageQuerySet:
        return super().pages().prefetch_related("figures")

    def body(self, page: RegionIndexPage) -> Iterator[str]:
        yield from (figure.sentence for figure in page.figures.all())
        yield body_text(page.body)


class RegionSource(PageSource[RegionPage]):
    """Gives search the documents of regions."""

    kind = KIND
    label = LABEL
    model = RegionPage
    _index = _IndexPart()

    def pages(self) -> HubPageQuerySet:
        """With figures, initiatives and former names."""
        related = ("figures", "initiatives", "region__former_offices")
        return super().pages().select_related("region").prefetch_related(*related)

    def body(self, page: RegionPage) -> Iterator[str]:
        """Figures, initiatives, the body, and the names that people remember."""
        yield from (figure.sentence for figure in page.figures.all())
        for initiative in page.initiatives.all():
            yield f"{initiative.title}. {initiative.text}"
        yield body_text(page.body)
        yield from (f"{office.name}." for office in page.region.former_offices.all())

    def facets(
        self, page: RegionPage, terms: Callable[[], Vocabularies]
    ) -> Mapping[str, tuple[str, ...]]:
        """The region itself."""
        return {"region": (page.region.slug,)}

    def ids(self) -> Sequence[int]:
        """The ids of all live pages of regions, and of the page that lists them."""
        return sorted([*super().ids(), *self._index.ids()])

    def documents(self, ids: Sequence[int]) -> Mapping[int, SearchDocument]:
        """The documents of those of `ids` that anyone may find, in a fixed number of queries."""
        return {**super().documents(ids), **self._index.documents(ids)}
