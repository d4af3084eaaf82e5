"""The home page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel

from case_studies.models import CaseStudyPage
from learning_hub.home.find_box import select_lists
from learning_hub.pages.models import HubPage
from learning_hub.pages.visibility import barriers_of, visitor_of
from learning_hub.taxonomy import vocabulary

NEWEST_SHOWN = 3
# A promise to people outside, so it is known without asking the database.
LIBRARY_ADDRESS = "/case-studies/"
SHORT_WAYS = ("casestudyindexpage", "syllabuspage", "regionindexpage", "guidanceindexpage")


class HomePage(HubPage):
    """The front page of the hub."""

    introduction = models.TextField(blank=True, help_text="One or two sentences under the title.")

    content_panels = [*HubPage.content_panels, FieldPanel("introduction")]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    max_count = 1
    template = "pages/home/home.html"

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Lead to the rooms that most visitors go to in one query."""
        if path_components:
            below = self.get_children().filter(slug=path_components[0])
            page = below.select_related(*SHORT_WAYS).first()
            for name in SHORT_WAYS:
                if child := getattr(page, name, None):
                    child._cached_parent_obj = self  # as Wagtail keeps the way it came
                    return child.route(request, path_components[1:])
        return super().route(request, path_components)

    def structured_data(self) -> dict[str, Any]:
        """The site as a whole, and whose it is."""
        return {
            "@type": "WebSite",
            "name": settings.WAGTAIL_SITE_NAME,
            "description": self.search_description or self.introduction,
            "publisher": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
        }

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the find box, the newest studies that this visitor may see, and the regions."""
        context = super().get_context(request, *args, **kwargs)
        terms = vocabulary.current().terms
        context["select_lists"] = select_lists(terms)
        context["library_address"] = LIBRARY_ADDRESS
        context["regions"] = terms["region"]
        visible = CaseStudyPage.objects.visible_to(visitor_of(request), barriers_of(request))
        context["newest"] = visible.order_by("-first_published_at", "-pk")[:NEWEST_SHOWN]
        return context
