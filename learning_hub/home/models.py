"""The home page."""

from django.db import models
from wagtail.admin.panels import FieldPanel

from learning_hub.pages.models import HubPage


class HomePage(HubPage):
    """The front page of the hub."""

    introduction = models.TextField(blank=True, help_text="One or two sentences under the title.")

    content_panels = [*HubPage.content_panels, FieldPanel("introduction")]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    max_count = 1
    template = "pages/home/home.html"
