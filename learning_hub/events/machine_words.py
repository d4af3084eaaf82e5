"""Describes an event to search engines in the words of schema.org."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from learning_hub.events.kinds import DeliveryMethod
from learning_hub.events.saying_when import days

if TYPE_CHECKING:  # the event describes itself with this module, so it cannot import the event
    from learning_hub.events.models import EventPage

SCHEMA = "https://schema.org"
_ATTENDANCE = {
    DeliveryMethod.VIRTUAL: "OnlineEventAttendanceMode",
    DeliveryMethod.PHYSICAL: "OfflineEventAttendanceMode",
    DeliveryMethod.HYBRID: "MixedEventAttendanceMode",
}


def describe_event(event: EventPage) -> dict[str, Any]:
    """The event, with its times in its own zone; whole days as dates."""
    status = "EventCancelled" if event.is_cancelled else "EventScheduled"
    attendance = _ATTENDANCE.get(DeliveryMethod(event.delivery_method))
    described: dict[str, Any] = {
        "@type": "EducationEvent",
        "description": event.introduction,
        **_dates(event),
        "eventStatus": f"{SCHEMA}/{status}",
        "eventAttendanceMode": f"{SCHEMA}/{attendance}",
        "location": _locations(event),
        "organizer": {"@type": "Organization", "name": event.organiser},
    }
    if event.cost:
        described["isAccessibleForFree"] = event.cost.casefold().startswith("free")
    return described


def _dates(event: EventPage) -> dict[str, str]:
    if event.is_whole_day:
        first, last = days(event.starts_at, event.ends_at, event.zone.key)
        return {"startDate": first.isoformat(), "endDate": last.isoformat()}
    start, end = (moment.astimezone(event.zone) for moment in (event.starts_at, event.ends_at))
    return {"startDate": start.isoformat(), "endDate": end.isoformat()}


def _locations(event: EventPage) -> list[dict[str, str]]:
    places = []
    if event.delivery_method != DeliveryMethod.VIRTUAL:
        name = event.venue or "To be announced"
        places.append({"@type": "Place", "name": name, "address": name})
    if event.delivery_method != DeliveryMethod.PHYSICAL:
        link = {"url": event.booking_url} if event.booking_url else {}
        places.append({"@type": "VirtualLocation", "name": "Online", **link})
    return places
