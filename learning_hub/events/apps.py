"""Events: masterclasses and symposia, as pages and in calendars."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The room of events."""

    name = "learning_hub.events"
    label = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        """Announce events to search."""
        from learning_hub.events.documents import EventSource
        from search import registry

        registry.register_source(EventSource())
