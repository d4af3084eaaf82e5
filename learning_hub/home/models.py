"""The home page, and the pages that start each kind of visitor on their main task."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from learning_hub.home.blocks import StartBlock
from learning_hub.pages.models import HubPage
from learning_hub.pages.top_pages import top_pages

# The pages right below this one that most visitors go to, by the name that leads to each.
INDEXES = (
    "casestudyindexpage",
    "syllabuspage",
    "guidanceindexpage",
    "regionindexpage",
    "updateindexpage",
    "eventindexpage",
    "resourceindexpage",
)


class StartingPage(HubPage):
    """A page made of sections that lead elsewhere."""

    introduction = models.TextField(blank=True, help_text="One or two sentences under the title.")
    body = StreamField(StartBlock(), blank=True, help_text="The sections, from the top down.")

    content_panels = [*HubPage.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]

    class Meta:
        abstract = True


class HomePage(StartingPage):
    """The front page of the hub."""

    max_count = 1
    template = "pages/home/home.html"

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Lead to the rooms of the hub by the query that the navigation needs anyway."""
        if path_components and (room := self._room_at(path_components[0], request)):
            room._cached_parent_obj = self  # as Wagtail keeps the way it came
            return room.route(request, path_components[1:])
        return super().route(request, path_components)

    def _room_at(self, slug: str, request: HttpRequest) -> HubPage | None:
        for page in top_pages(request, INDEXES):
            if page.slug == slug and page.is_child_of(self):
                rooms = (getattr(page, name, None) for name in INDEXES)
                return next((room for room in rooms if room), None)
        return None

    def structured_data(self) -> dict[str, Any]:
        """The site as a whole, and whose it is."""
        return {
            "@type": "WebSite",
            "name": settings.WAGTAIL_SITE_NAME,
            "description": self.search_description or self.introduction,
            "publisher": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
        }


class StartPage(StartingPage):
    """Starts one kind of visitor, such as trainers, on what they mostly come for."""

    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    template = "pages/home/start.html"

    def structured_data(self) -> dict[str, Any]:
        """A page that leads to others."""
        return {
            "@type": "CollectionPage",
            "description": self.search_description or self.introduction,
        }
