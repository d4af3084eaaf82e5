"""What search is told about resources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from learning_hub.blocks.plain_text import body_text, plain
from learning_hub.pages.dated_list import start_of
from learning_hub.pages.filed import FILED_UNDER, filed_under
from learning_hub.pages.models import HubPageQuerySet
from learning_hub.resources.models import ResourcePage
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.page_source import PageSource


class ResourceSource(PageSource[ResourcePage]):
    """Gives search the documents of resources."""

    kind = "resource"
    label = "Resources"
    model = ResourcePage

    def pages(self) -> HubPageQuerySet:
        """With their terms, highlights and files."""
        rows = ("highlights", "files__document", *FILED_UNDER.values())
        return super().pages().prefetch_related(*rows)

    def body(self, page: ResourcePage) -> Iterator[str]:
        """What it holds and who published it."""
        for highlight in page.highlights.all():
            yield " ".join(filter(None, (highlight.value, highlight.unit, highlight.text)))
        yield body_text(page.body)
        yield plain(page.transcript)
        yield f"{page.get_kind_display()}. {page.publisher}."
        for file in page.files.all():
            yield f"{file.document.title}. {file.description}"
        yield from (page.behind_address, page.source)

    def facets(
        self, page: ResourcePage, terms: Callable[[], Vocabularies]
    ) -> Mapping[str, tuple[str, ...]]:
        """The specialties and regions that it is about."""
        return filed_under(page, terms())

    def published_at(self, page: ResourcePage) -> dt.datetime:
        """The date of its publication, whenever it was put online here."""
        if page.published_on is None:
            return super().published_at(page)
        return start_of(page.published_on)
