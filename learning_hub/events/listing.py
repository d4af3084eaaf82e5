"""Reads from an address which events are asked for, finds them, and writes such addresses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Window
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from learning_hub.design_system.pagination import Pagination, pagination
from learning_hub.events import zones
from learning_hub.events.kinds import DeliveryMethod, EventKind
from learning_hub.events.reading import EventView
from learning_hub.pages.visibility import barriers_of, visitor_of
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import TermEntry, Vocabularies
from search.analysis import clean

if TYPE_CHECKING:  # the list's page serves with this module, so it cannot import the pages
    from learning_hub.events.models import EventPage, EventQuerySet

PAGE_SIZE = 20
UPCOMING, PAST = "upcoming", "past"
FILTERS = {"kind": "Kind of event", "delivery": "Delivery", "region": "Region"}
_WHICH = {"kind": "kind of event", "delivery": "way of delivery", "region": "region"}
_MAX_VALUES, _MAX_SHOWN, _MAX_DIGITS = 100, 60, 9


@dataclass(frozen=True)
class Asked:
    """What an address asks for; every value in it exists. `notices` say what was left out."""

    chosen: Mapping[str, tuple[str, ...]]
    when: str = UPCOMING
    zone: str | None = None
    page: int = 1
    notices: tuple[str, ...] = ()

    def query(self, *, with_view: bool = True, page: int = 1) -> str:
        """The address after its path, “?…”; `with_view` keeps whether past ones are shown."""
        pairs = [(key, value) for key in FILTERS for value in self.chosen.get(key, ())]
        if with_view and self.when == PAST:
            pairs.append(("when", PAST))
        if self.zone:
            pairs.append(("zone", self.zone))
        if page > 1:
            pairs.append(("page", str(page)))
        return f"?{urlencode(pairs)}" if pairs else ""

    def narrowed(self, events: EventQuerySet, terms: Vocabularies) -> EventQuerySet:
        """Those of `events` that meet every filter, by any of its values."""
        if kinds := self.chosen.get("kind"):
            events = events.filter(kind__in=kinds)
        if deliveries := self.chosen.get("delivery"):
            events = events.filter(delivery_method__in=deliveries)
        if regions := self.chosen.get("region"):
            events = events.for_regions(terms.by_slug["region", slug].id for slug in regions)
        return events


@dataclass(frozen=True)
class Choice:
    """One value of a filter, to tick."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list."""

    key: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def selected(self) -> int:
        """How many values are chosen."""
        return sum(choice.selected for choice in self.choices)


@dataclass(frozen=True)
class Chosen:
    """A value that narrows the list, and the address of the same list without it."""

    label: str
    address: str


def parse(parameters: QueryDict, terms: Vocabularies) -> Asked:
    """What the parameters of an address ask for. Never raises: what is unknown is left out."""
    notices: list[str] = []
    values = _values(terms)
    chosen = {key: _chosen(key, values[key], parameters, notices) for key in FILTERS}
    when = (parameters.get("when") or UPCOMING).strip()
    if when not in (UPCOMING, PAST):
        notices.append(_unknown("view", when))
        when = UPCOMING
    return Asked(
        chosen={key: slugs for key, slugs in chosen.items() if slugs},
        when=when,
        zone=_zone(parameters, notices),
        page=_page(parameters, notices),
        notices=tuple(notices),
    )


def _values(terms: Vocabularies) -> dict[str, dict[str, str]]:
    """By filter: each value that may stand in an address, and the one that it leads to."""
    regions = terms.terms["region"]
    former = {alias: entry.slug for entry in regions for alias in entry.aliases}
    return {
        "kind": {value: value for value in EventKind.values},
        "delivery": {value: value for value in DeliveryMethod.values},
        "region": former | {entry.slug: entry.slug for entry in regions},
    }


def _chosen(
    key: str, values: Mapping[str, str], parameters: QueryDict, notices: list[str]
) -> tuple[str, ...]:
    asked = dict.fromkeys(parameters.getlist(key)[:_MAX_VALUES])
    given = [value for value in asked if value.strip()]
    notices += [_unknown(_WHICH[key], value) for value in given if value not in values]
    return tuple(dict.fromkeys(values[value] for value in given if value in values))


def _zone(parameters: QueryDict, notices: list[str]) -> str | None:
    asked = (parameters.get("zone") or "").strip()
    if not asked:
        return None
    found = zones.known(asked)
    if found is None:
        notices.append(_unknown("time zone", asked))
    return found


def _page(parameters: QueryDict, notices: list[str]) -> int:
    asked = (parameters.get("page") or "").strip()
    if not asked:
        return 1
    if asked.isascii() and asked.isdigit() and len(asked) <= _MAX_DIGITS and int(asked):
        return int(asked)
    notices.append(_unknown("page", asked))
    return 1


def _unknown(label: str, value: str) -> str:
    shown = " ".join(clean(value).split())[:_MAX_SHOWN]
    return f"There is no {label} “{shown}”, so it was left out."


@dataclass(frozen=True)
class EventCard(EventView):
    """An event in a list, with the names of its regions."""

    regions: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventListing:
    """One page of the list, at `address`."""

    asked: Asked
    cards: tuple[EventCard, ...]
    total: int
    pages: int
    address: str
    terms: Vocabularies

    @property
    def notices(self) -> tuple[str, ...]:
        """What of the address was left out."""
        return self.asked.notices

    @property
    def is_past(self) -> bool:
        """Whether these are the events that are over."""
        return self.asked.when == PAST

    @property
    def upcoming_address(self) -> str:
        """The same list of those to come."""
        return self._to(replace(self.asked, when=UPCOMING))

    @property
    def past_address(self) -> str:
        """The same list of those that are over."""
        return self._to(replace(self.asked, when=PAST))

    @property
    def clear_address(self) -> str:
        """The list without filters, in the same zone."""
        return self._to(replace(self.asked, chosen={}))

    @property
    def zone_words(self) -> str:
        """The zone that times are shown in, where one was asked for."""
        return zones.place(self.asked.zone) if self.asked.zone else ""

    @property
    def own_zone_address(self) -> str:
        """The same list in each event's own zone."""
        return self._to(replace(self.asked, zone=None))

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """The filters with all their values."""
        return tuple(
            Filter(key, label, tuple(self._choices(key, options)))
            for (key, label), options in zip(FILTERS.items(), self._options(), strict=True)
        )

    def _options(self) -> tuple[list[tuple[str, str]], ...]:
        regions = [entry for entry in self.terms.terms["region"] if self._is_offered(entry)]
        named = [(entry.slug, entry.name) for entry in regions]
        return list(EventKind.choices), list(DeliveryMethod.choices), named

    def _is_offered(self, entry: TermEntry) -> bool:
        return not entry.is_retired or entry.slug in self.asked.chosen.get("region", ())

    def _choices(self, key: str, options: Iterable[tuple[str, str]]) -> Iterable[Choice]:
        held = self.asked.chosen.get(key, ())
        return (Choice(value, label, value in held) for value, label in options)

    @property
    def chosen(self) -> list[Chosen]:
        """Everything that narrows the list, each with a way to take it away."""
        return [
            Chosen(choice.label, self._to(self._without(each.key, choice.value)))
            for each in self.filters
            for choice in each.choices
            if choice.selected
        ]

    @property
    def zones(self) -> list[Choice]:
        """The zones to choose from, that of the address among them."""
        held = self.asked.zone
        offered = [*zones.OFFERED, *([held] if held and held not in zones.OFFERED else [])]
        return [Choice(name, zones.place(name), name == held) for name in offered]

    @property
    def pagination(self) -> Pagination:
        """The pages around this one."""
        return pagination(
            page=self.asked.page,
            pages=self.pages,
            address=lambda number: self.address + self.asked.query(page=number),
        )

    def _without(self, key: str, value: str) -> Asked:
        kept = tuple(held for held in self.asked.chosen[key] if held != value)
        chosen = {other: held for other, held in self.asked.chosen.items() if other != key}
        return replace(self.asked, chosen={**chosen, **({key: kept} if kept else {})})

    def _to(self, asked: Asked) -> str:
        return self.address + asked.query()


def listing_context(
    request: HttpRequest, events: EventQuerySet, *, at: dt.datetime
) -> dict[str, Any]:
    """What the template of the list shows. A fixed number of queries."""
    terms = vocabulary.current()
    asked = parse(request.GET, terms)
    seen = asked.narrowed(events.visible_to(visitor_of(request), barriers_of(request)), terms)
    found = seen.past(at) if asked.when == PAST else seen.upcoming(at)
    shown, total, page = _page_of(found.prefetch_related("regions"), asked.page)
    if page != asked.page:
        last = f"There is no page {asked.page:,}, so the last page is shown."
        asked = replace(asked, page=page, notices=(*asked.notices, last))
    listing = EventListing(
        asked=asked,
        cards=tuple(_card(event, at, asked.zone, terms) for event in shown),
        total=total,
        pages=_pages(total),
        address=request.path,
        terms=terms,
    )
    return {"listing": listing, **_ways_to_follow(request.build_absolute_uri, asked)}


def _page_of(events: EventQuerySet, page: int) -> tuple[list[EventPage], int, int]:
    """The events of a page, how many there are in all, and the page: the last for one beyond it.

    One query, two more for a page that is not there.
    """
    counted = events.annotate(of_all=Window(Count("pk")))
    shown = list(counted[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    if shown or page == 1:
        return shown, shown[0].of_all if shown else 0, page
    return _page_of(events, _pages(events.count()))


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))


def region_names(event: EventPage, terms: Vocabularies) -> tuple[str, ...]:
    """The names of the event's regions in the vocabulary's order; no query where prefetched."""
    held = {region.pk for region in event.regions.all()}
    return tuple(entry.name for entry in terms.terms["region"] if entry.id in held)


def _card(event: EventPage, at: dt.datetime, zone: str | None, terms: Vocabularies) -> EventCard:
    return EventCard(event, at, zone, region_names(event, terms))


def _ways_to_follow(absolute: Callable[[str], str], asked: Asked) -> dict[str, str]:
    """Addresses that tell of new events: a calendar, also as programs open it, and a feed."""
    query = asked.query(with_view=False)
    calendar = absolute(reverse("events_calendar") + query)
    return {
        "calendar_address": calendar,
        "webcal_address": f"webcal://{calendar.partition('://')[2]}",
        "feed_address": reverse("events_feed") + replace(asked, zone=None).query(with_view=False),
    }
