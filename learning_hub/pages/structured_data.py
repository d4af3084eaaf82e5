"""Describes pages to machines in the words of schema.org, as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from learning_hub.pages.models import HubPage
from learning_hub.pages.trail import pages_above

Description = dict[str, Any]
_LANGUAGE = "en-GB"
# What could end the script that the text stands in.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def describe(page: HubPage, request: HttpRequest) -> list[Description]:
    """The page, and its trail where it has one. No query for a page found by its address."""
    address = address_of(page, request)
    own: Description = {
        "@context": "https://schema.org",
        "@id": address,
        "url": address,
        "name": page.title,
        "inLanguage": _LANGUAGE,
        "isAccessibleForFree": True,
        **page.structured_data(),
    }
    if own["@type"] == "WebSite":
        own["potentialAction"] = _search_of_the_site(request)
    if page.first_published_at:  # a letter or a report has a date of its own
        own.setdefault("datePublished", page.first_published_at.date().isoformat())
    if page.last_published_at:
        own["dateModified"] = page.last_published_at.date().isoformat()
    trail = [step for step in pages_above(page) if step.live]
    return [own, _breadcrumbs([*trail, page], request)] if trail else [own]


def types_of(described: Description) -> list[str]:
    """The kinds of thing that a description names: one, or several at once."""
    named = described["@type"]
    return named if isinstance(named, list) else [named]


def address_of(page: Page, request: HttpRequest) -> str:
    """The page's whole address at the host that the reader uses, without any parameters."""
    return request.build_absolute_uri(page.get_url(request) or "/")


def as_script(descriptions: list[Description]) -> SafeString:
    """A data block for a page's head; browsers never run it."""
    text = json.dumps(descriptions, ensure_ascii=False).translate(_ESCAPES)
    # Every sign that HTML knows is escaped above.
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def _search_of_the_site(request: HttpRequest) -> Description:
    address = request.build_absolute_uri(reverse("site_search"))
    return {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{address}?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }


def _breadcrumbs(trail: list[Page], request: HttpRequest) -> Description:
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": "Home" if position == 1 else step.title,
                "item": address_of(step, request),
            }
            for position, step in enumerate(trail, start=1)
        ],
    }
