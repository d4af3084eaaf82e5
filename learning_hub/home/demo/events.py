"""Plants the demo's events, at dates that are counted from the day on which the demo is built."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from case_studies.exchange import body
from learning_hub.events.models import EventIndexPage, EventPage, Speaker
from learning_hub.events.zones import UK, moment_of, start_of_day
from learning_hub.home.demo.information import LINK
from learning_hub.home.demo.stages import Stage
from learning_hub.home.models import HomePage
from learning_hub.taxonomy.models import Region, Specialty

FOLDER = Path(__file__).parent / "content" / "events"
BOOKING = "https://booking.example.org/"
OWNER = "Learning Hub editors"
# What an event has in the file under the name of its field.
_AS_WRITTEN = (
    "slug",
    "title",
    "kind",
    "delivery_method",
    "venue",
    "organiser",
    "for_whom",
    "introduction",
    "online_note",
    "cost",
)


def stage() -> Stage:
    """The stage that makes all events."""
    return Stage("events", "Masterclasses and symposia", _plant_all)


def next_clock_change(after: dt.date) -> dt.date:
    """The day after `after` on which the UK's clocks next change."""
    day = after + dt.timedelta(days=1)
    while _offset(day) == _offset(day + dt.timedelta(days=1)):
        day += dt.timedelta(days=1)
    return day


def _offset(day: dt.date) -> dt.timedelta | None:
    return start_of_day(day, UK).utcoffset()


def _plant_all() -> str:
    index, today = _index(), timezone.localdate()
    rows = json.loads((FOLDER / "events.json").read_text(encoding="utf-8"))
    taken = set(index.get_children().values_list("slug", flat=True))
    missing = [row for row in rows if row["slug"] not in taken]
    for row in missing:
        _plant(index, row, today)
    return f"{len(missing)} published"


def _index() -> EventIndexPage:
    """The page that lists them: the one that is there, with its text, or a new one."""
    index = EventIndexPage.objects.first()
    if index is None:
        planted = EventIndexPage(title="Events", slug="events", show_in_menus=True)
        index = HomePage.objects.get().add_child(instance=planted)
    if not index.body:
        text = (FOLDER / "about.md").read_text(encoding="utf-8").strip()
        index.body = [_with_links(block) for block in body.read(text, str)]
        index.introduction = index.introduction or (
            "Masterclasses, symposia and courses for people who train and are trained."
        )
        index.content_owner, index.last_reviewed_on = OWNER, timezone.localdate()
        index.save_revision(log_action=True).publish()
    return index


def _with_links(block: body.Block) -> body.Block:
    # Links within the site, made after the text was cleaned: the cleaner keeps outside ones only.
    return {**block, "value": LINK.sub(r'<a href="\2">\1</a>', block["value"])}


def _plant(index: EventIndexPage, row: dict[str, Any], today: dt.date) -> None:
    starts_at, ends_at = _times(row, today)
    event = EventPage(
        **{name: row[name] for name in _AS_WRITTEN if name in row},
        time_zone=row.get("time_zone", UK),
        starts_at=starts_at,
        ends_at=ends_at,
        is_whole_day="days" in row,
        booking_url=f"{BOOKING}{row['slug']}" if row.get("booking") else "",
        recording_url=row.get("recording", ""),
        is_cancelled="cancelled" in row,
        cancellation_reason=row.get("cancelled", ""),
        is_illustrative=True,
        content_owner=OWNER,
        last_reviewed_on=today,
    )
    if before := row.get("closes_days_before"):
        event.booking_closes_on = starts_at.date() - dt.timedelta(days=before)
    event.regions = list(Region.objects.filter(slug__in=row.get("regions", ())))
    event.specialties = list(Specialty.objects.filter(slug__in=row.get("specialties", ())))
    event.speakers = [Speaker(name=name, role=role) for name, role in row.get("speakers", ())]
    index.add_child(instance=event)
    event.save_revision(log_action=True).publish()


def _times(row: dict[str, Any], today: dt.date) -> tuple[dt.datetime, dt.datetime]:
    zone = row.get("time_zone", UK)
    if row.get("over_clock_change"):
        eve = next_clock_change(today) - dt.timedelta(days=1)
        starts_at = moment_of(dt.datetime.combine(eve, dt.time(21)), zone)
        return starts_at, starts_at.astimezone(dt.UTC) + dt.timedelta(minutes=row["minutes"])
    day = _working_day(today + dt.timedelta(days=row["in_days"]))
    if days := row.get("days"):
        return start_of_day(day, zone), start_of_day(day + dt.timedelta(days=days), zone)
    clock = dt.time.fromisoformat(row["at"])
    starts_at = moment_of(dt.datetime.combine(day, clock), zone)
    return starts_at, starts_at.astimezone(dt.UTC) + dt.timedelta(minutes=row["minutes"])


def _working_day(day: dt.date) -> dt.date:
    """The day, or the Monday after where it is at a weekend."""
    return day + dt.timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
