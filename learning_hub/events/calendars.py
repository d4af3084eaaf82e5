"""Writes events as iCalendar (RFC 5545), which calendar programs fetch and follow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from icalendar import Calendar, Event

from learning_hub.events.kinds import DeliveryMethod, EventState
from learning_hub.events.reading import EventView
from learning_hub.events.saying_when import days
from learning_hub.events.zones import comes_twice, zone_of
from learning_hub.pages.models import NEVER_PUBLISHED
from learning_hub.pages.structured_data import address_of

if TYPE_CHECKING:
    from learning_hub.events.models import EventPage

CONTENT_TYPE = "text/calendar; charset=utf-8"
MAKER = "-//Learning Hub//Events//EN"
REFRESHED_EVERY = dt.timedelta(hours=12)
_LAST_SEQUENCE = 2**31 - 1
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """An event to be written, with the names that it is filed under."""

    event: EventPage
    regions: tuple[str, ...] = ()


def written(
    entries: Iterable[Entry],
    request: HttpRequest,
    *,
    at: dt.datetime,
    name: str = "",
    description: str = "",
    zone: str | None = None,
) -> bytes:
    """A calendar of `entries`, with the time zones that it uses.

    `name` and `description` are for one that is followed. Its times are in `zone`, or in each
    event's own. `at` decides what may still be booked; the text is else the same at any moment.
    """
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", MAKER)
    calendar.add("CALSCALE", "GREGORIAN")
    if name:
        _announce(calendar, name, description, zone)
    held = [_component(entry, request, at, zone) for entry in entries]
    for component in held:
        calendar.add_component(component)
    if held:
        years = [moment.year for each in held for moment in (each.start, each.end)]
        calendar.add_missing_timezones(
            first_date=dt.date(max(min(years) - 1, 1), 1, 1),
            last_date=dt.date(min(max(years) + 2, 9999), 1, 1),
        )
    content: bytes = calendar.to_ical()
    return content


def _announce(calendar: Calendar, name: str, description: str, zone: str | None) -> None:
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    if description:
        calendar.add("DESCRIPTION", _text(description))
        calendar.add("X-WR-CALDESC", _text(description))
    if zone:
        calendar.add("X-WR-TIMEZONE", zone)
    calendar.refresh_interval = REFRESHED_EVERY
    calendar.add("X-PUBLISHED-TTL", calendar["REFRESH-INTERVAL"].to_ical().decode())


def _component(entry: Entry, request: HttpRequest, at: dt.datetime, zone: str | None) -> Event:
    event, view = entry.event, EventView(entry.event, at, zone)
    published = event.last_published_at or event.first_published_at or NEVER_PUBLISHED
    component = Event()
    component.add("UID", str(event.translation_key))
    component.add("DTSTAMP", published)
    component.add("LAST-MODIFIED", published)
    if event.first_published_at:
        component.add("CREATED", event.first_published_at)
    component.add("SEQUENCE", _sequence(event))
    _add_times(component, event, zone)
    is_off = view.state is EventState.CANCELLED
    title = _line(event.title)
    component.add("SUMMARY", f"Cancelled: {title}" if is_off else title)
    component.add("STATUS", "CANCELLED" if is_off else "CONFIRMED")
    component.add("DESCRIPTION", _text(_description(view, address_of(event, request))))
    component.add("LOCATION", _line(view.whereabouts))
    component.add("URL", address_of(event, request))
    delivery = DeliveryMethod(event.delivery_method).label
    component.add("CATEGORIES", [event.get_kind_display(), delivery, *map(_line, entry.regions)])
    return component


def _sequence(event: EventPage) -> int:
    """Grows with every publication: seconds since the first one. Nothing has to be counted."""
    if not event.first_published_at or not event.last_published_at:
        return 0
    seconds = (event.last_published_at - event.first_published_at).total_seconds()
    return min(max(int(seconds), 0), _LAST_SEQUENCE)


def _add_times(component: Event, event: EventPage, zone: str | None) -> None:
    if event.is_whole_day:
        first, last = days(event.starts_at, event.ends_at, event.zone.key)
        component.add("DTSTART", first)
        component.add("DTEND", last + dt.timedelta(days=1))  # the first day that is free again
        return
    there = zone_of(zone) if zone else event.zone
    moments = [moment.astimezone(there) for moment in (event.starts_at, event.ends_at)]
    if any(comes_twice(moment) for moment in moments):
        # A calendar cannot say which of two equal times it means; in UTC there is only one.
        moments = [moment.astimezone(dt.UTC) for moment in moments]
    component.add("DTSTART", moments[0])
    component.add("DTEND", moments[1])


def _description(view: EventView, address: str) -> str:
    event = view.event
    lines = [event.introduction, f"When: {view.when.text}"]
    if view.elsewhere:
        lines.append(f"That is: {view.elsewhere.text}")
    lines.append(f"Organiser: {event.organiser}")
    if view.is_cancelled:
        lines.insert(0, f"Cancelled. {event.cancellation_reason}")
    elif view.booking_is_open:
        lines.append(f"Book: {event.booking_url}")
    if event.online_note:
        lines.append(event.online_note)
    return "\n".join([*lines, f"More: {address}"])


def _line(text: str) -> str:
    """The text on one line, without what no calendar can hold."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _text(text: str) -> str:
    """The text, in lines, without what no calendar can hold."""
    lines = (_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)
