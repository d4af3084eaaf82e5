"""Says in a few plain words where somebody stands in a module."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from syllabus.standing import Standing, Status

_COLOURS = {
    Status.NOT_STARTED: "grey",
    Status.IN_PROGRESS: "blue",
    Status.EXHAUSTED: "orange",
    Status.DONE: "green",
    Status.EXPIRED: "red",
    Status.REVOKED: "red",
}


@dataclass(frozen=True)
class StandingLine:
    """A status in words, and the colour of its tag."""

    text: str
    colour: str


def standing_line(where: Standing) -> StandingLine:
    """Such as “In progress: 2 of 4 lessons” or “Done, valid until 2 March 2029”."""
    return StandingLine(_text(where), _COLOURS[where.status])


def lessons_read(where: Standing) -> int:
    """How many of the module's lessons this time through has read."""
    return len(where.lessons) - len(where.unread)


def day(moment: dt.datetime) -> str:
    """A date as it is written in a sentence."""
    return date_format(timezone.localtime(moment), "j F Y")


def minute(moment: dt.datetime) -> str:
    """A date and time as it is written in a sentence."""
    return date_format(timezone.localtime(moment), r"j F Y \a\t H:i")


def _text(where: Standing) -> str:
    expires_at = where.completion.expires_at if where.completion else None
    if where.status == Status.DONE:
        return f"Done, valid until {day(expires_at)}" if expires_at else "Done"
    if where.status == Status.EXPIRED and expires_at:
        return f"Expired on {day(expires_at)}"
    if where.status == Status.IN_PROGRESS:
        if where.unread:
            return f"In progress: {lessons_read(where)} of {len(where.lessons)} lessons"
        return "In progress: every lesson read"
    return {
        Status.EXHAUSTED: "Not passed: all attempts used",
        Status.REVOKED: "Certificate revoked",
    }.get(where.status, "Not started")
