"""Home: the front page, the one place that may look into every room."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The hall."""

    name = "learning_hub.home"
    label = "home"
    verbose_name = "Home"

    def ready(self) -> None:
        """Announce the pages that belong to no room to search."""
        from learning_hub.home.documents import InformationSource
        from search import registry

        registry.register_source(InformationSource())
