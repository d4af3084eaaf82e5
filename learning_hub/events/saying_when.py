"""Says when something is, in words that a page shows and in the form that machines read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from learning_hub.events.zones import spelled_out, zone_of


@dataclass(frozen=True)
class Piece:
    """A part of the sentence; `iso` is its moment, with the offset, where it names one."""

    text: str
    iso: str = ""


@dataclass(frozen=True)
class Span:
    """From when to when, as clocks in one zone show it."""

    pieces: tuple[Piece, ...]
    clocks_change: bool = False

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(piece.text for piece in self.pieces)


def span(starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> Span:
    """“Thursday 12 March 2026, 2 pm to 4 pm, UK time (GMT)”; the day twice where it differs."""
    start, end = (moment.astimezone(zone_of(zone)) for moment in (starts_at, ends_at))
    return Span(tuple(_timed(start, end, zone)), start.utcoffset() != end.utcoffset())


def whole_days(starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> Span:
    """“Thursday 12 March 2026, all day”; the last day is the one that `ends_at` ends."""
    first, last = days(starts_at, ends_at, zone)
    opening = Piece(_day(first), first.isoformat())
    if first == last:
        return Span((opening, Piece(", all day")))
    return Span((opening, Piece(" to "), Piece(_day(last), last.isoformat()), Piece(", all day")))


def days(starts_at: dt.datetime, ends_at: dt.datetime, zone: str) -> tuple[dt.date, dt.date]:
    """The first and the last day that a span touches in the zone."""
    instant = dt.timedelta(microseconds=1)
    ends = (ends_at.astimezone(dt.UTC) - instant).astimezone(zone_of(zone))
    return starts_at.astimezone(zone_of(zone)).date(), ends.date()


def clock(moment: dt.datetime) -> str:
    """“2 pm”, “9:30 am”, “midday”, “midnight”."""
    if moment.minute == 0 and moment.hour in (0, 12):
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {'pm' if moment.hour >= 12 else 'am'}"


def _timed(start: dt.datetime, end: dt.datetime, zone: str) -> Iterator[Piece]:
    yield Piece(f"{_day(start.date())}, ")
    yield Piece(clock(start), _iso(start))
    zones = [spelled_out(moment, zone) for moment in (start, end)]
    if zones[0] != zones[1]:
        yield Piece(f", {zones[0]},")
    yield Piece(" to ")
    if end.date() != start.date() and not _is_midnight_after(start, end):
        yield Piece(f"{_day(end.date())}, ")
    yield Piece(clock(end), _iso(end))
    yield Piece(f", {zones[1]}")


def _is_midnight_after(start: dt.datetime, end: dt.datetime) -> bool:
    next_day = start.date() + dt.timedelta(days=1)
    return end.date() == next_day and end.time() == dt.time.min


def _day(day: dt.date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="minutes")
