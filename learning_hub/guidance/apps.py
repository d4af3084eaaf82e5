"""Guidance: what a committee or college advises, as recommendations that can be pointed to."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """The room of guidance."""

    name = "learning_hub.guidance"
    label = "guidance"
    verbose_name = "Guidance"

    def ready(self) -> None:
        """Announce guidance to search."""
        from learning_hub.guidance.documents import GuidanceSource
        from search import registry

        registry.register_source(GuidanceSource())
