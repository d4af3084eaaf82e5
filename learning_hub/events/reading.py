"""An event as its readers see it at a moment: on its page, in lists, and in other zones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from learning_hub.events.kinds import BookingState, DeliveryMethod, EventState
from learning_hub.events.saying_when import Span, days, span, whole_days
from learning_hub.events.zones import UK, place
from learning_hub.pages.visibility import audience_of, barriers_of, visitor_of

if TYPE_CHECKING:  # the event serves with this module, so it cannot import the event
    from learning_hub.events.models import EventPage

# What a tag says of the state, and its colour in the design system.
_TAGS = {
    EventState.CANCELLED: ("Cancelled", "red"),
    EventState.ON_NOW: ("On now", "green"),
    EventState.PAST: ("Past", "grey"),
}


@dataclass(frozen=True)
class Tag:
    """A word about the event that must not be missed."""

    text: str
    colour: str


@dataclass(frozen=True)
class EventView:
    """One event at the moment `at`. `zone` is the zone that a reader asked for, if any."""

    event: EventPage
    at: dt.datetime
    zone: str | None = None

    @cached_property
    def state(self) -> EventState:
        """Where it stands."""
        return self.event.state(self.at)

    @property
    def tag(self) -> Tag | None:
        """Its state, unless it is simply to come."""
        found = _TAGS.get(self.state)
        return Tag(*found) if found else None

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.state is EventState.CANCELLED

    @property
    def is_over(self) -> bool:
        """Whether its end has passed."""
        return self.event.ends_at <= self.at

    @property
    def is_on_now(self) -> bool:
        """Whether it is going on."""
        return self.state is EventState.ON_NOW

    @cached_property
    def when(self) -> Span:
        """When it is, in the zone that was asked for, or its own."""
        return self._in(self.zone or self.event.zone.key)

    @cached_property
    def elsewhere(self) -> Span | None:
        """The same in UK time, or in the event's own zone where UK time was asked for."""
        shown, own = self.zone or self.event.zone.key, self.event.zone.key
        other = UK if place(shown) != place(UK) else own
        if self.event.is_whole_day or place(other) == place(shown):
            return None
        return self._in(other)

    @property
    def first_day(self) -> dt.date:
        """The day that its date tile shows."""
        zone = self.event.zone.key if self.event.is_whole_day else self.zone
        return days(self.event.starts_at, self.event.ends_at, zone or self.event.zone.key)[0]

    @property
    def whereabouts(self) -> str:
        """Where to be: a venue, online, or both."""
        event = self.event
        if event.delivery_method == DeliveryMethod.VIRTUAL:
            return "Online"
        venue = event.venue or "Venue to be announced"
        is_hybrid = event.delivery_method == DeliveryMethod.HYBRID
        return f"{venue}, and online" if is_hybrid else venue

    @property
    def booking_is_open(self) -> bool:
        """Whether someone may book."""
        return self.event.booking(self.at) is BookingState.OPEN

    @property
    def booking_is_closed(self) -> bool:
        """Whether booking has ended before the event has."""
        return self.event.booking(self.at) is BookingState.CLOSED and not self.is_over

    @property
    def booking_host(self) -> str:
        """The site that the booking link leads to."""
        return urlsplit(self.event.booking_url).hostname or ""

    def _in(self, zone: str) -> Span:
        say = whole_days if self.event.is_whole_day else span
        own = self.event.zone.key if self.event.is_whole_day else zone
        return say(self.event.starts_at, self.event.ends_at, own)


@dataclass(frozen=True)
class EventReading(EventView):
    """An event on its own page. `recording` is a page of ours that this visitor may see."""

    recording: Page | None = None

    @property
    def calendar_address(self) -> str:
        """Where to fetch it for a calendar; empty while it is not published."""
        return reverse("event_calendar", args=[self.event.slug]) if self.event.live else ""

    @property
    def has_recording(self) -> bool:
        """Whether there is something to watch, now that it is over."""
        return self.is_over and bool(self.recording or self.event.recording_url)

    @property
    def recording_host(self) -> str:
        """The site that the recording link leads to."""
        return urlsplit(self.event.recording_url).hostname or ""


def read_event(event: EventPage, request: HttpRequest, *, at: dt.datetime) -> EventReading:
    """The event for its page. The page of its recording is there only for those who may find it."""
    recording = event.recording_page if event.ends_at <= at else None
    if recording and not _may_find(recording, event, request):
        recording = None
    return EventReading(event, at, recording=recording)


def _may_find(page: Page, event: EventPage, request: HttpRequest) -> bool:
    """Whether the visitor may find `page`. No query on a site that restricts no page."""
    barriers = barriers_of(request) if getattr(event, "may_be_closed", True) else []
    return bool(audience_of(page, barriers) & set(visitor_of(request).tokens))
