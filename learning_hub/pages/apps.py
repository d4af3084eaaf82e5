"""Pages: what every page of the hub has in common."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The floor's app of pages."""

    name = "learning_hub.pages"
    label = "pages"
    verbose_name = "Pages"
