"""The ways through the site: main navigation, footer, and the trail down to a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from wagtail.models import Page

from learning_hub.pages.top_pages import visible_top_pages
from learning_hub.pages.trail import pages_above
from learning_hub.pages.visibility import STAFF, visitor_of

register = template.Library()

_SLUG = re.compile(r"[a-z][a-z-]{2,79}")


@dataclass(frozen=True)
class NavigationLink:
    """One way to go. `current` is "page" on it, "true" below it, empty elsewhere."""

    title: str
    address: str
    current: str = ""


HOME = NavigationLink("Home", "/")


@register.simple_tag(takes_context=True)
def main_navigation(context: dict[str, Any]) -> list[NavigationLink]:
    """The pages right below the home page that are shown in menus and that this visitor may see."""
    request = context.get("request")
    pages = visible_top_pages(request) if request else []
    return [_link(page, request) for page in pages if page.show_in_menus]


@register.simple_tag(takes_context=True)
def opens_admin(context: dict[str, Any]) -> bool:
    """Whether the editors' side of the site is open to this visitor."""
    request = context.get("request")
    return request is not None and STAFF in visitor_of(request).tokens


@register.simple_tag(takes_context=True)
def footer_navigation(context: dict[str, Any]) -> list[NavigationLink]:
    """The other pages right below the home page: about, accessibility, privacy."""
    request = context.get("request")
    pages = visible_top_pages(request) if request else []
    return [_link(page, request) for page in pages if not page.show_in_menus]


@register.simple_tag(takes_context=True)
def breadcrumb_trail(
    context: dict[str, Any], page: Page | str, steps: list[NavigationLink] | str = ""
) -> list[NavigationLink]:
    """The way down to `page`, or Home and `steps` where what is shown is no page of the tree.

    The published pages above it, from the home page down; the home page is called Home.
    """
    request = context.get("request")
    if not isinstance(page, Page) or page.depth is None:
        return [HOME, *steps] if isinstance(steps, list) else [HOME]
    trail = [_link(step, request) for step in pages_above(page) if step.live]
    return [NavigationLink("Home", trail[0].address), *trail[1:]] if trail else []


@register.simple_tag
def steps(*titles_and_addresses: str) -> list[NavigationLink]:
    """Steps of a trail below Home: a title, its address, the next title, its address …"""
    pairs = zip(titles_and_addresses[::2], titles_and_addresses[1::2], strict=True)
    return [NavigationLink(title, address) for title, address in pairs]


@register.simple_tag(takes_context=True)
def words_in_address(context: dict[str, Any]) -> str:
    """The words of the last step of this address, for the search of what is not there."""
    address: str = getattr(context.get("request"), "path", "")
    match = _SLUG.fullmatch(address.strip("/").rpartition("/")[2])
    return match[0].replace("-", " ") if match else ""


def _link(page: Page, request: HttpRequest | None) -> NavigationLink:
    address = page.get_url(request) or "/"
    here = getattr(request, "path", "")
    current = "page" if here == address else "true" if here.startswith(address) else ""
    return NavigationLink(page.title, address, current)
