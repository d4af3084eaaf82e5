"""The ways through the site: main navigation, footer, and the trail down to a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Exists
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction, Site

from learning_hub.pages.trail import pages_above
from learning_hub.pages.visibility import STAFF, audience_of, barriers_of, visitor_of

register = template.Library()


@dataclass(frozen=True)
class NavigationLink:
    """One way to go. `current` is "page" on it, "true" below it, empty elsewhere."""

    title: str
    address: str
    current: str = ""


@register.simple_tag(takes_context=True)
def main_navigation(context: dict[str, Any]) -> list[NavigationLink]:
    """The pages right below the home page that are shown in menus and that this visitor may see."""
    request = context.get("request")
    return [_link(page, request) for page in _top_pages(request) if page.show_in_menus]


@register.simple_tag(takes_context=True)
def opens_admin(context: dict[str, Any]) -> bool:
    """Whether the editors' side of the site is open to this visitor."""
    request = context.get("request")
    return request is not None and STAFF in visitor_of(request).tokens


@register.simple_tag(takes_context=True)
def footer_navigation(context: dict[str, Any]) -> list[NavigationLink]:
    """The other pages right below the home page: about, accessibility, privacy."""
    request = context.get("request")
    return [_link(page, request) for page in _top_pages(request) if not page.show_in_menus]


@register.simple_tag(takes_context=True)
def breadcrumb_trail(context: dict[str, Any], page: Page | str) -> list[NavigationLink]:
    """The published pages above `page`, from the home page down; the home page is called Home."""
    request = context.get("request")
    if not isinstance(page, Page) or page.depth is None:
        return []
    trail = [_link(step, request) for step in pages_above(page) if step.live]
    return [NavigationLink("Home", trail[0].address), *trail[1:]] if trail else []


def _top_pages(request: HttpRequest | None) -> list[Page]:
    """The pages below the home page, read once a request: the header and footer both ask."""
    if request is None:
        return []
    kept: list[Page] | None = getattr(request, "_hub_top_pages", None)
    if kept is None:
        kept = _visible_below_home(request)
        request._hub_top_pages = kept  # type: ignore[attr-defined]
    return kept


def _visible_below_home(request: HttpRequest) -> list[Page]:
    """In one query, on a site that restricts no page."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    pages = site.root_page.get_children().live().order_by("path")
    pages = list(pages.annotate(may_be_closed=Exists(PageViewRestriction.objects.all())))
    barriers = barriers_of(request) if any(page.may_be_closed for page in pages) else []
    tokens = set(visitor_of(request).tokens)
    return [page for page in pages if audience_of(page, barriers) & tokens]


def _link(page: Page, request: HttpRequest | None) -> NavigationLink:
    address = page.get_url(request) or "/"
    here = getattr(request, "path", "")
    current = "page" if here == address else "true" if here.startswith(address) else ""
    return NavigationLink(page.title, address, current)
