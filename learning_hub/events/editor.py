"""The editor's form for an event: times as clocks show them where the event is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.widgets import AdminDateTimeInput

from learning_hub.events import zones
from learning_hub.events.kinds import DeliveryMethod
from learning_hub.pages.filed import FiledPageForm

EARLIEST, LATEST = 2000, 2100
_DAY = dt.timedelta(days=1)
_CLOCKS = ("starts_at", "ends_at")


class WallClockField(forms.DateTimeField):
    """A date and time as a clock on the wall shows it; its value has no zone."""

    widget = AdminDateTimeInput

    def to_python(self, value: Any) -> dt.datetime | None:
        """Read what was typed, whatever zone the editor herself is in."""
        with timezone.override(dt.UTC):
            read = super().to_python(value)
        if read and not EARLIEST <= read.year <= LATEST:
            raise ValidationError(f"Give a year from {EARLIEST} to {LATEST}.")
        return read.replace(tzinfo=None) if read else None


def _zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in zones.names()]


class EventForm(FiledPageForm):
    """The form behind the editor: what is typed counts in the time zone that is chosen."""

    starts_at = WallClockField(label="Starts")
    ends_at = WallClockField(label="Ends")
    time_zone = forms.ChoiceField(choices=_zone_choices, initial=zones.UK)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance
        if event.starts_at and event.ends_at:
            self.initial["starts_at"] = _wall_clock(event.starts_at, event.zone.key)
            # A last day is typed as that day; its end is the midnight after.
            end = event.ends_at - _DAY if event.is_whole_day else event.ends_at
            self.initial["ends_at"] = _wall_clock(end, event.zone.key)
        self.initial["time_zone"] = event.zone.key

    def clean(self) -> dict[str, Any]:
        """Turn the two clocks into moments, and say what is missing."""
        cleaned = super().clean()
        zone = cleaned.get("time_zone")
        for name in _CLOCKS:
            if cleaned.get(name):
                cleaned[name] = self._moment(name, cleaned, zone) if zone else None
        if _is_backwards(cleaned):
            self.add_error("ends_at", "It must end after it starts.")
        elif zone and _books_late(cleaned, zone):
            self.add_error("booking_closes_on", "Booking must close by the day it starts.")
        if cleaned.get("is_cancelled") and not cleaned.get("cancellation_reason"):
            self.add_error("cancellation_reason", "Say why it was cancelled.")
        if not self.is_deferred_validation and _lacks_venue(cleaned):
            self.add_error("venue", "Say where it takes place, or choose Virtual.")
        return cleaned

    def _moment(self, name: str, cleaned: dict[str, Any], zone: str) -> dt.datetime | None:
        wall: dt.datetime = cleaned[name]
        if cleaned.get("is_whole_day"):
            day = wall.date() + (_DAY if name == "ends_at" else dt.timedelta())
            return zones.start_of_day(day, zone)
        if not {name, "time_zone", "is_whole_day"} & set(self.changed_data):
            kept: dt.datetime = getattr(self.instance, name)  # to the second, and as it was meant
            return kept
        try:
            return zones.moment_of(wall, zone)
        except zones.NoSuchMoment as problem:
            self.add_error(name, str(problem))
            return None


def _wall_clock(moment: dt.datetime, zone: str) -> dt.datetime:
    return moment.astimezone(zones.zone_of(zone)).replace(tzinfo=None, second=0, microsecond=0)


def _is_backwards(cleaned: dict[str, Any]) -> bool:
    start, end = (cleaned.get(name) for name in _CLOCKS)
    return bool(start and end and end <= start)


def _books_late(cleaned: dict[str, Any], zone: str) -> bool:
    start, closes = cleaned.get("starts_at"), cleaned.get("booking_closes_on")
    return bool(start and closes and closes > start.astimezone(zones.zone_of(zone)).date())


def _lacks_venue(cleaned: dict[str, Any]) -> bool:
    return not cleaned.get("venue") and cleaned.get("delivery_method") in (
        DeliveryMethod.PHYSICAL,
        DeliveryMethod.HYBRID,
    )


EVENT_PANELS = [
    FieldPanel("kind", help_text="What sort of event it is."),
    FieldPanel("introduction"),
    MultiFieldPanel(
        [
            FieldPanel("time_zone", help_text="Times below are as clocks in this zone show them."),
            FieldRowPanel(
                [
                    FieldPanel("starts_at", help_text="Such as 2026-03-12 14:00"),
                    FieldPanel("ends_at", help_text="For whole days: the last day."),
                ]
            ),
            FieldPanel(
                "is_whole_day", help_text="It lasts whole days; the times of day do not count."
            ),
        ],
        heading="When",
    ),
    MultiFieldPanel(
        [
            FieldPanel("delivery_method", help_text="How it reaches people."),
            FieldPanel("venue"),
            FieldPanel("online_note"),
        ],
        heading="How and where",
    ),
    MultiFieldPanel(
        [
            FieldPanel("organiser"),
            FieldPanel("for_whom"),
            FieldPanel("cost"),
            FieldRowPanel([FieldPanel("booking_url"), FieldPanel("booking_closes_on")]),
        ],
        heading="For whom, and how to book",
    ),
    InlinePanel("speakers", heading="Speakers", label="speaker", help_text="In their order."),
    FieldPanel("body", help_text="The programme, and anything else people should know."),
    MultiFieldPanel(
        [FieldPanel("recording_page"), FieldPanel("recording_url")], heading="Recording"
    ),
    MultiFieldPanel(
        [
            FieldPanel(
                "is_cancelled",
                help_text="The page stays, and calendars that follow it show that it is off.",
            ),
            FieldPanel("cancellation_reason"),
        ],
        heading="If it is cancelled",
    ),
    FieldPanel("is_illustrative"),
]
