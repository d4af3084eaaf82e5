"""One visit to the site: its id, and what its parts note for the line that is logged of it."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field

HEADER = "X-Request-ID"
_TRUSTED = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True)
class Visit:
    """A request on its way through the site."""

    id: str
    notes: dict[str, str] = field(default_factory=dict)


current: ContextVar[Visit | None] = ContextVar("visit", default=None)


def begun(given_id: str) -> Visit:
    """A visit with the id that a proxy gave it, if that has a form that can be trusted."""
    return Visit(given_id if _TRUSTED.fullmatch(given_id) else uuid.uuid4().hex)


def current_id() -> str:
    """The id of the visit that this work is for; empty where it is for none."""
    visit = current.get()
    return visit.id if visit else ""


def note(name: str, value: str) -> None:
    """Have the log's line of this visit say `value` under `name`; nothing outside a visit."""
    visit = current.get()
    if visit:
        visit.notes[name] = value
