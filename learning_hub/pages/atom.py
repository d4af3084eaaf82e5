"""Writes pages as Atom feeds, so that every feed of the hub says the same things the same way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from learning_hub.pages.models import NEVER_PUBLISHED, HubPage
from learning_hub.pages.structured_data import address_of

ENTRIES = 50
SITE = "Learning Hub"
# XML 1.0 has no way to write these.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class PageFeed(Atom1Feed):
    """An Atom feed of pages, whose date of update follows from its entries alone."""

    def __init__(self, request: HttpRequest, *, title: str, link: str, subtitle: str = "") -> None:
        """`link` is the page that shows the same; `subtitle` what a reader should know first."""
        self.request = request
        super().__init__(
            title=_xml(f"{title} – {SITE}"),
            link=request.build_absolute_uri(link),
            feed_url=request.build_absolute_uri(),
            description="",  # Atom has a subtitle in its place
            subtitle=_xml(subtitle) or None,
            author_name=SITE,
            language="en-GB",
        )

    def add_page(
        self,
        page: HubPage,
        *,
        summary: str,
        author: str,
        categories: Iterable[str] = (),
        published_at: dt.datetime | None = None,
    ) -> None:
        """Add one page; its id stays the same when the page moves.

        `published_at` is for what has a date of its own, such as a letter.
        """
        self.add_item(
            title=_xml(page.title),
            link=address_of(page, self.request),
            description=escape(_xml(summary)),  # a summary of type html
            unique_id=f"urn:uuid:{page.translation_key}",
            author_name=_xml(author),
            pubdate=published_at or page.first_published_at or NEVER_PUBLISHED,
            updateddate=page.last_published_at or page.first_published_at or NEVER_PUBLISHED,
            categories=[_xml(category) for category in categories],
        )

    def latest_post_date(self) -> dt.datetime:
        """When the latest entry changed."""
        return max((item["updateddate"] for item in self.items), default=NEVER_PUBLISHED)

    def response(self) -> HttpResponse:
        """The feed as an answer. A view adds `conditional_page`, so a second reading is free."""
        return HttpResponse(self.writeString("utf-8"), content_type=self.content_type)


def _xml(text: str) -> str:
    return _NOT_XML.sub(" ", text)
