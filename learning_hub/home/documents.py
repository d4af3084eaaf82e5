"""What search is told about information pages, which belong to no room."""

from __future__ import annotations

from collections.abc import Iterator

from learning_hub.blocks.plain_text import body_text
from learning_hub.pages.models import InformationPage
from search.page_source import PageSource


class InformationSource(PageSource[InformationPage]):
    """Gives search the documents of information pages."""

    kind = "information"
    label = "Information"
    model = InformationPage

    def body(self, page: InformationPage) -> Iterator[str]:
        """The page's own body."""
        yield body_text(page.body)
