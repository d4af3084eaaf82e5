"""Updates: dated letters to those who train and are trained."""

from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    """The room of updates."""

    name = "learning_hub.updates"
    label = "updates"
    verbose_name = "Updates"

    def ready(self) -> None:
        """Announce the letters to search."""
        from learning_hub.updates.documents import UpdateSource
        from search import registry

        registry.register_source(UpdateSource())
