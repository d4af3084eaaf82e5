"""Reads the pages that a search found, so that a list can lead to them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst
from wagtail.models import Page

from learning_hub.pages.visibility import barriers_now, visible_to
from search.contract import Hit, SearchResults
from search.excerpts import Pieces, excerpt_of


@dataclass(frozen=True)
class PageFound:
    """A page of any kind in the results: its kind in plain words, and where the words stand."""

    page: Page
    kind: str
    hit: Hit

    @property
    def excerpt(self) -> Pieces:
        """Where the words stand."""
        return excerpt_of(self.hit)


def pages_of(results: SearchResults) -> list[PageFound]:
    """The pages of the hits in their order, in one query.

    One that was withdrawn or closed since the index was asked is left out: an index can be a
    moment behind, and what it holds of a page is not for everyone for longer than the page is.
    """
    ids = [hit.id for hit in results.hits]
    visible = visible_to(results.request.visitor, barriers_now())
    pages = Page.objects.filter(visible).in_bulk(ids)
    return [
        PageFound(page, capfirst(page.page_type_display_name), hit)
        for hit in results.hits
        if (page := pages.get(hit.id))
    ]
