"""Reads, once a request, the pages right below the home page and whether any page is closed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction, Site

from learning_hub.pages.visibility import Barrier, audience_of, barriers_of, visitor_of


def visible_top_pages(request: HttpRequest) -> list[Page]:
    """The pages below the home page that the visitor may see; the header and footer both ask."""
    kept: list[Page] | None = getattr(request, "_hub_visible_top_pages", None)
    if kept is None:
        tokens = set(visitor_of(request).tokens)
        barriers = barriers_if_any(request)
        kept = [page for page in top_pages(request) if audience_of(page, barriers) & tokens]
        request._hub_visible_top_pages = kept  # type: ignore[attr-defined]
    return kept


def barriers_if_any(request: HttpRequest) -> list[Barrier]:
    """Every restriction; no query besides that of the navigation on a site that has none."""
    pages = top_pages(request)
    some = not pages or any(page.may_be_closed for page in pages)
    return barriers_of(request) if some else []


def top_pages(request: HttpRequest, kinds: Sequence[str] = ()) -> list[Page]:
    """Live pages in their order. One query, which tells too whether a restriction exists.

    Whoever asks first in a request can have them read as what they are, by the names of `kinds`.
    """
    kept: list[Page] | None = getattr(request, "_hub_top_pages", None)
    if kept is None:
        site = Site.find_for_request(request)
        pages = (
            site.root_page.get_children().live().order_by("path") if site else Page.objects.none()
        )
        pages = pages.select_related(*kinds) if kinds else pages
        kept = list(pages.annotate(may_be_closed=Exists(PageViewRestriction.objects.all())))
        request._hub_top_pages = kept  # type: ignore[attr-defined]
    return kept
