"""Events: masterclasses and symposia, as pages and in calendars."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The room of events."""

    name = "learning_hub.events"
    label = "events"
    verbose_name = "Events"
