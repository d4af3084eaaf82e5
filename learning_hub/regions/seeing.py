"""Tells which pages a visitor may see, asking what is restricted only where something is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction

from learning_hub.pages.visibility import audience_of, barriers_of, visitor_of

# To be put on rows that are asked about, so that a site that restricts nothing asks no more.
MAY_BE_CLOSED = Exists(PageViewRestriction.objects.all())


class Sight:
    """What the visitor of `request` may see of the pages on `rows`, which have `may_be_closed`."""

    def __init__(self, request: HttpRequest, rows: Iterable[Any]) -> None:
        self.tokens = set(visitor_of(request).tokens)
        self.barriers = barriers_of(request) if any(row.may_be_closed for row in rows) else []

    def reaches(self, page: Page) -> bool:
        """Whether the visitor may see `page`."""
        return bool(audience_of(page, self.barriers) & self.tokens)


def visible_pages(ids: Iterable[int], request: HttpRequest) -> dict[int, Page]:
    """Those of the pages that the visitor may see, by id. One query; two more for restrictions.

    A case study comes with what is its own, as `casestudypage`.
    """
    rows = Page.objects.filter(pk__in=list(ids)).select_related("casestudypage")
    pages = list(rows.annotate(may_be_closed=MAY_BE_CLOSED))
    sight = Sight(request, pages)
    return {page.pk: page for page in pages if sight.reaches(page)}
