"""Events: the page that lists them, the event itself, and who speaks at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, PageViewRestriction

from learning_hub.blocks.body import BodyBlock
from learning_hub.events.editor import EVENT_PANELS, EventForm
from learning_hub.events.kinds import BookingState, DeliveryMethod, EventKind, EventState
from learning_hub.events.listing import listing_context
from learning_hub.events.machine_words import describe_event
from learning_hub.events.reading import read_event
from learning_hub.events.zones import UK, known, refuse_unknown_zone, start_of_day, zone_of
from learning_hub.pages.filed import FiledPage
from learning_hub.pages.index_page import IndexPage
from learning_hub.pages.models import HubPage, HubPageManager, HubPageQuerySet

__all__ = [
    "BookingState",
    "DeliveryMethod",
    "EventIndexPage",
    "EventKind",
    "EventPage",
    "EventState",
    "Speaker",
]

HTTPS_ONLY = URLValidator(schemes=["https"], message="Give an address that begins with https://")


class EventIndexPage(IndexPage):
    """Lists the events to come, and those that are over."""

    body = StreamField(BodyBlock(), blank=True, help_text="Shown below the list.")

    content_panels = [*IndexPage.content_panels, FieldPanel("body")]
    subpage_types = ["events.EventPage"]
    template = "pages/events/event_index.html"

    class Meta:
        verbose_name = "list of events"
        verbose_name_plural = "lists of events"

    def listed_pages(self) -> HubPageQuerySet:
        """The events, each with the page of its recording."""
        found: HubPageQuerySet = EventPage.objects.annotate(
            may_be_closed=Exists(PageViewRestriction.objects.all())
        ).select_related("recording_page")
        return found

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the events that the visitor asks for."""
        context = super().get_context(request, *args, **kwargs)
        found = listing_context(request, EventPage.objects.all(), at=timezone.now())
        return {**context, **found}


class EventQuerySet(HubPageQuerySet):
    """Questions about events."""

    def upcoming(self, at: dt.datetime) -> EventQuerySet:
        """Those that are not over at `at`, the soonest first."""
        return self.filter(ends_at__gt=at).order_by("starts_at", "pk")

    def past(self, at: dt.datetime) -> EventQuerySet:
        """Those that are over at `at`, the latest first."""
        return self.filter(ends_at__lte=at).order_by("-starts_at", "-pk")

    def for_regions(self, region_ids: Iterable[int]) -> EventQuerySet:
        """Those for one of these regions, and those for all, which name none."""
        regions = EventPage.regions.through.objects.filter(eventpage_id=OuterRef("pk"))
        chosen = regions.filter(region_id__in=list(region_ids))
        return self.filter(Q(Exists(chosen)) | ~Q(Exists(regions)))


class EventPage(FiledPage):
    """One event: what, when in which zone, how and where, how to book, and what is left of it."""

    kind = models.CharField(max_length=20, choices=EventKind, default=EventKind.MASTERCLASS)
    starts_at = models.DateTimeField("starts")
    ends_at = models.DateTimeField("ends")
    is_whole_day = models.BooleanField("whole days", default=False)
    time_zone = models.CharField(max_length=64, default=UK, validators=[refuse_unknown_zone])
    delivery_method = models.CharField(
        max_length=10, choices=DeliveryMethod, default=DeliveryMethod.VIRTUAL
    )
    venue = models.CharField(
        max_length=255, blank=True, help_text="The place, with its town, for those who come to it."
    )
    online_note = models.CharField(
        "how to join online",
        max_length=255,
        blank=True,
        help_text="Such as: we send the link to those who have booked.",
    )
    booking_url = models.CharField(
        "booking link",
        max_length=500,
        blank=True,
        validators=[HTTPS_ONLY],
        help_text="Where to book. It begins with https://",
    )
    booking_closes_on = models.DateField(
        "booking closes",
        null=True,
        blank=True,
        help_text="The last day to book, in the event's time zone. Empty: until it starts.",
    )
    cost = models.CharField(
        max_length=120, blank=True, help_text="In words, such as “Free” or “£40, lunch included”."
    )
    organiser = models.CharField(max_length=200, help_text="The organisation that runs it.")
    for_whom = models.CharField(
        "for whom", max_length=255, blank=True, help_text="Such as “educational supervisors”."
    )
    introduction = models.TextField(help_text="One or two sentences under the title.")
    body = StreamField(BodyBlock(), blank=True)
    recording_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="A page of this site with the recording. Shown when the event is over.",
    )
    recording_url = models.CharField(
        "recording link",
        max_length=500,
        blank=True,
        validators=[HTTPS_ONLY],
        help_text="A recording elsewhere. It begins with https://. Shown when it is over.",
    )
    is_cancelled = models.BooleanField("cancelled", default=False)
    cancellation_reason = models.CharField(
        "why it was cancelled",
        max_length=255,
        blank=True,
        help_text="One sentence for those who had planned to come.",
    )
    is_illustrative = models.BooleanField(
        "illustrative",
        default=False,
        help_text="Written to show the service; the event is not real.",
    )

    objects = HubPageManager.from_queryset(EventQuerySet)()

    base_form_class = EventForm
    content_panels = [*HubPage.content_panels, *EVENT_PANELS, FiledPage.filing_panel]
    promote_panels = [*HubPage.promote_panels, HubPage.review_panel]
    parent_page_types = ["events.EventIndexPage"]
    subpage_types: list[str] = []
    template = "pages/events/event.html"

    class Meta:
        verbose_name = "event"
        verbose_name_plural = "events"
        indexes = [
            models.Index(fields=["starts_at"], name="event_starts_at"),
            models.Index(fields=["ends_at"], name="event_ends_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="event_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(is_cancelled=False) | ~Q(cancellation_reason=""),
                name="event_is_cancelled_for_a_reason",
            ),
        ]

    def clean(self) -> None:
        """Refuse what the database refuses, in drafts too."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "It must end after it starts."})
        if self.is_cancelled and not self.cancellation_reason.strip():
            raise ValidationError({"cancellation_reason": "Say why it was cancelled."})

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the event's times are given in; the UK's where its own is not known."""
        return zone_of(self.time_zone)

    @property
    def has_unknown_zone(self) -> bool:
        """Whether the zone that is stored is none that this site knows."""
        return known(self.time_zone) != self.time_zone

    def state(self, at: dt.datetime) -> EventState:
        """Where the event stands at `at`."""
        if self.is_cancelled:
            return EventState.CANCELLED
        if self.ends_at <= at:
            return EventState.PAST
        return EventState.ON_NOW if self.starts_at <= at else EventState.UPCOMING

    def booking_ends_at(self) -> dt.datetime:
        """The moment from which nobody can book: the end of the last day, or the start."""
        if self.booking_closes_on is None or self.booking_closes_on >= dt.date.max:
            return self.starts_at
        day_after = self.booking_closes_on + dt.timedelta(days=1)
        return min(start_of_day(day_after, self.zone.key), self.starts_at)

    def booking(self, at: dt.datetime) -> BookingState:
        """Whether someone may book at `at`."""
        if not self.booking_url or self.is_cancelled:
            return BookingState.NONE
        return BookingState.OPEN if at < self.booking_ends_at() else BookingState.CLOSED

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the event as its readers see it now."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, "view": read_event(self, request, at=timezone.now())}

    def structured_data(self) -> dict[str, Any]:
        """An event, with its times in its own zone."""
        return describe_event(self)


class Speaker(Orderable):
    """Someone who speaks, teaches or leads at an event."""

    event = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=200, blank=True, help_text="Post and organisation.")

    panels = [FieldPanel("name"), FieldPanel("role")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.name
