"""What is fetched of events besides pages: calendars, and a feed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page, require_safe

from learning_hub.events.calendars import CONTENT_TYPE, Entry, written
from learning_hub.events.kinds import DeliveryMethod, EventKind
from learning_hub.events.listing import Asked, parse, region_names
from learning_hub.events.models import EventPage
from learning_hub.events.reading import EventView
from learning_hub.pages.atom import ENTRIES, PageFeed
from learning_hub.pages.visibility import ANYONE, barriers_of, visitor_of
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import Vocabularies

if TYPE_CHECKING:
    from learning_hub.events.models import EventQuerySet

# A calendar that is followed holds the past of a year, and no more than this in all.
KEPT = dt.timedelta(days=366)
MOST = 500
_TITLE = "Events"


@require_safe
@conditional_page
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One event as a calendar file. Raises Http404 where this visitor may not find its page."""
    events = EventPage.objects.visible_to(visitor_of(request), barriers_of(request))
    event = events.filter(slug=slug).first()
    if event is None:
        raise Http404
    entry = Entry(event, region_names(event, vocabulary.current()))
    response = HttpResponse(written([entry], request, at=timezone.now()), content_type=CONTENT_TYPE)
    disposition = content_disposition_header(as_attachment=True, filename=f"{event.slug}.ics")
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response


@require_safe
@conditional_page
def events_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar to follow: events that anyone may find, by the same filters as the list.

    Programs that follow it do not sign in, so it is the same for everybody.
    """
    terms, now = vocabulary.current(), timezone.now()
    asked = parse(request.GET, terms)
    public = asked.narrowed(EventPage.objects.visible_to(ANYONE, barriers_of(request)), terms)
    kept = public.filter(ends_at__gt=now - KEPT).order_by("-starts_at", "-pk")[:MOST]
    content = written(
        [Entry(event, region_names(event, terms)) for event in kept.prefetch_related("regions")],
        request,
        at=now,
        name=_title(asked, terms),
        description=" ".join(asked.notices),
        zone=asked.zone,
    )
    return HttpResponse(content, content_type=CONTENT_TYPE)


@require_safe
@conditional_page
def events_feed(request: HttpRequest) -> HttpResponse:
    """Events as an Atom feed, the newest publication first, by the same filters as the list."""
    terms, now = vocabulary.current(), timezone.now()
    asked = parse(request.GET, terms)
    events: EventQuerySet = EventPage.objects.visible_to(visitor_of(request), barriers_of(request))
    newest = asked.narrowed(events, terms).order_by("-first_published_at", "-pk")[:ENTRIES]
    atom = PageFeed(
        request,
        title=_title(asked, terms),
        link="../" + asked.query(),
        subtitle=" ".join(asked.notices),
    )
    for event in newest.prefetch_related("regions"):
        view = EventView(event, now, asked.zone)
        atom.add_page(
            event,
            summary=_summary(view),
            author=event.organiser,
            categories=[
                event.get_kind_display(),
                event.get_delivery_method_display(),
                *region_names(event, terms),
            ],
        )
    return atom.response()


def _title(asked: Asked, terms: Vocabularies) -> str:
    """“Events”, with what they are narrowed by."""
    labels = [
        *(EventKind(value).label for value in asked.chosen.get("kind", ())),
        *(DeliveryMethod(value).label for value in asked.chosen.get("delivery", ())),
        *(terms.by_slug["region", slug].name for slug in asked.chosen.get("region", ())),
    ]
    return f"{_TITLE}: {', '.join(labels)}" if labels else _TITLE


def _summary(view: EventView) -> str:
    off = f"Cancelled. {view.event.cancellation_reason} " if view.is_cancelled else ""
    return f"{off}{view.when.text}. {view.whereabouts}. {view.event.introduction}"
