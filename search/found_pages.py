"""Reads the pages that a search found, so that a list can lead to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from wagtail.models import Page

from search.contract import Hit
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


def pages_of(hits: Iterable[Hit]) -> list[PageFound]:
    """The pages of `hits` in their order, in one query; one withdrawn meanwhile is left out."""
    found = list(hits)
    pages = Page.objects.live().in_bulk([hit.id for hit in found])
    return [
        PageFound(page, capfirst(page.page_type_display_name), hit)
        for hit in found
        if (page := pages.get(hit.id))
    ]
