"""What search is told about updates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from learning_hub.blocks.plain_text import body_text
from learning_hub.pages.dated_list import start_of
from learning_hub.pages.models import HubPageQuerySet
from learning_hub.updates.models import UpdatePage
from search.page_source import PageSource


class UpdateSource(PageSource[UpdatePage]):
    """Gives search the documents of letters."""

    kind = "update"
    label = "Updates"
    model = UpdatePage

    def pages(self) -> HubPageQuerySet:
        """With the files."""
        return super().pages().prefetch_related("files__document")

    def body(self, page: UpdatePage) -> Iterator[str]:
        """The letter, who wrote it to whom, and its files."""
        yield body_text(page.body)
        yield f"{page.author_name}, {page.author_role}."
        yield f"{page.recipients}."
        for file in page.files.all():
            yield f"{file.document.title}. {file.description}"
        yield page.source

    def published_at(self, page: UpdatePage) -> dt.datetime:
        """The date of the letter, whenever it was put online."""
        return start_of(page.dated_on)
