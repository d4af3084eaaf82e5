"""The page of a room that lists its other pages, and leads to each in one query."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.url_routing import RouteResult

from learning_hub.pages.models import HubPage, HubPageQuerySet


class IndexPage(HubPage):
    """A list of pages right below it; there is one of each kind."""

    introduction = models.TextField(blank=True, help_text="One or two sentences under the title.")

    content_panels = [*HubPage.content_panels, FieldPanel("introduction")]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    max_count = 1

    class Meta:
        abstract = True

    def listed_pages(self) -> HubPageQuerySet:
        """The pages of the list, with what a page shows of other tables."""
        raise TypeError(f"{type(self).__name__} does not say which pages it lists.")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Lead to a published page of the list in one query."""
        if len(path_components) == 1 and (page := self.page_at(path_components[0])):
            return RouteResult(page)
        return super().route(request, path_components)

    def page_at(self, slug: str) -> HubPage | None:
        """The published page of the list at this address. One query."""
        page: HubPage | None = self.listed_pages().child_of(self).live().filter(slug=slug).first()
        if page is not None:
            page._cached_parent_obj = self  # as Wagtail keeps the way it came
        return page

    def structured_data(self) -> dict[str, Any]:
        """A page that lists others."""
        return {
            "@type": "CollectionPage",
            "description": self.search_description or self.introduction,
        }
