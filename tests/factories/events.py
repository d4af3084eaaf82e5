"""Events for tests, at fixed moments or around now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from wagtail.models import Site

from learning_hub.events.models import EventIndexPage, EventPage, Speaker
from learning_hub.taxonomy.models import Region, Specialty

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def make_events_page() -> EventIndexPage:
    """The page at /events/, the one that a migration planted or a new one."""
    existing = EventIndexPage.objects.first()
    if existing:
        return existing
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=EventIndexPage(title="Events", slug="events"))


def make_event(title: str = "Managing a theatre list", **fields: Any) -> EventPage:
    """A published event in a week. `regions`, `specialties` are slugs, `speakers` pairs."""
    regions = fields.pop("regions", ())
    specialties = fields.pop("specialties", ())
    speakers = fields.pop("speakers", ())
    soon = (timezone.now() + 7 * DAY).replace(minute=0, second=0, microsecond=0)
    start = fields.pop("starts_at", soon)
    values = {
        "starts_at": start,
        "ends_at": start + 2 * HOUR,
        "introduction": "How to plan a list so that everyone learns.",
        "organiser": "Wharfe Valley Teaching Hospitals (fictional)",
        **fields,
    }
    event = EventPage(title=title, **values)
    event.regions = list(Region.objects.filter(slug__in=regions))
    event.specialties = list(Specialty.objects.filter(slug__in=specialties))
    event.speakers = [Speaker(name=name, role=role) for name, role in speakers]
    return make_events_page().add_child(instance=event)


def make_past_event(title: str = "Last year's symposium", **fields: Any) -> EventPage:
    """A published event that ended a month ago."""
    return make_event(title, starts_at=timezone.now() - 30 * DAY, **fields)


def make_full_event(title: str = "Teaching in theatre", **fields: Any) -> EventPage:
    """A published event with every field filled."""
    values = {
        "kind": "symposium",
        "delivery_method": "hybrid",
        "venue": "Education Centre, Ousebridge (fictional)",
        "online_note": "We send the link to those who have booked.",
        "booking_url": "https://booking.example.org/places",
        "booking_closes_on": (timezone.now() + 5 * DAY).date(),
        "cost": "£40, lunch included",
        "for_whom": "Educational supervisors",
        "body": [("heading", "Programme"), ("paragraph", "<p>Two talks.</p>")],
        "last_reviewed_on": dt.date(2026, 5, 1),
        "content_owner": "Events team",
        "is_illustrative": True,
        "regions": ["east-of-england"],
        "specialties": ["urology"],
        "speakers": [("Dr A Example (fictional)", "Consultant")],
    }
    return make_event(title, **{**values, **fields})
