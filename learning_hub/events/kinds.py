"""The words that events are sorted by: what they are, how they reach people, where they stand."""

from __future__ import annotations

from enum import Enum

from django.db import models


class EventKind(models.TextChoices):
    """What sort of event it is."""

    MASTERCLASS = "masterclass", "Masterclass"
    SYMPOSIUM = "symposium", "Symposium"
    WORKSHOP = "workshop", "Workshop"
    WEBINAR = "webinar", "Webinar"
    COURSE = "course", "Course"


class DeliveryMethod(models.TextChoices):
    """How an event reaches people."""

    VIRTUAL = "virtual", "Virtual"
    PHYSICAL = "physical", "Physical"
    HYBRID = "hybrid", "Hybrid"


class EventState(Enum):
    """Where an event stands at a moment."""

    UPCOMING = "upcoming"
    ON_NOW = "on now"
    PAST = "past"
    CANCELLED = "cancelled"


class BookingState(Enum):
    """Whether someone may still book at a moment."""

    NONE = "none"  # there is nothing to book
    OPEN = "open"
    CLOSED = "closed"
