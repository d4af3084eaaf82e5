"""Says what other sites may show beside a link to a page: title, description, picture."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from learning_hub.pages.models import HubPage
from learning_hub.pages.social_card import card_address, kind_of
from learning_hub.pages.structured_data import address_of, types_of
from learning_hub.pages.top_pages import barriers_if_any
from learning_hub.pages.visibility import PUBLIC, audience_of

_ARTICLES = {"Article", "NewsArticle", "Report", "BlogPosting"}
_LONGEST = 300  # no site shows more of a description


@dataclass(frozen=True)
class LinkPreview:
    """What stands in a page's head as Open Graph; addresses are whole."""

    title: str
    kind: str
    address: str
    description: str
    image: str
    alt: str


def link_preview(page: HubPage, request: HttpRequest) -> LinkPreview | None:
    """The preview of a page that anyone may see; None of any other. No query of its own."""
    if PUBLIC not in audience_of(page, barriers_if_any(request)):
        return None
    described = page.structured_data()
    return LinkPreview(
        title=page.seo_title or page.title,
        kind="website" if _ARTICLES.isdisjoint(types_of(described)) else "article",
        address=address_of(page, request),
        description=(page.search_description or described.get("description") or "")[:_LONGEST],
        image=request.build_absolute_uri(card_address(page)),
        alt=f"{kind_of(page)}: {page.title}",
    )
