"""Gathers what my hub shows, in a number of queries that does not grow with the modules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest

from learning_hub.accounts.models import User
from learning_hub.pages.visibility import barriers_of, visitor_of
from syllabus.models import ModulePage, Prerequisite
from syllabus.planning.deadlines import Deadline, deadline
from syllabus.planning.recommending import recommended
from syllabus.standing import Standing, Status, complete_keys, standings, unmet
from syllabus.studying.next_step import certificate_address, next_step
from syllabus.studying.standing_lines import StandingLine, day, lessons_read, standing_line


@dataclass(frozen=True)
class Row:
    """A module in one of the lists: its page, where she stands, why it is here, and the way on.

    `read` of `lessons` is shown where she is in the middle of it. `label` and `address` are the
    link to the very next step; where that is a button, it leads to the page that has the button.
    """

    module: ModulePage
    page: str
    line: StandingLine
    address: str
    label: str
    text: str
    read: int = 0
    lessons: int = 0
    certificate: str = ""
    due: Deadline | None = None


@dataclass(frozen=True)
class Hub:
    """The lists of my hub, each in the order in which it matters."""

    continuing: tuple[Row, ...]
    due: tuple[Row, ...]
    renewing: tuple[Row, ...]
    recommended: tuple[Row, ...]
    done: tuple[Row, ...]

    @property
    def is_new(self) -> bool:
        """Whether she has not begun anything yet."""
        return not (self.continuing or self.renewing or self.done)


def read_hub(request: HttpRequest, at: dt.datetime) -> Hub:
    """What this signed-in person has before her."""
    user = cast(User, request.user)
    found = standings(user.pk, _modules(request), at)
    complete = _complete(user, found, at)
    rows = {key: _row(where, complete, request) for key, where in found.items()}
    due = [row for row in rows.values() if row.due]
    due.sort(key=lambda row: (row.due.on, row.module.path) if row.due else ())
    offered = recommended(found, complete, [row.module.translation_key for row in due])
    return Hub(
        continuing=tuple(rows[key] for key, where in found.items() if _goes_on(where)),
        due=tuple(due),
        renewing=tuple(_renewing(found, rows)),
        recommended=tuple(
            _because(rows[each.where.module.translation_key], each.reason) for each in offered
        ),
        done=tuple(rows[key] for key, where in _latest_first(found) if where.counts),
    )


def _complete(user: User, found: Mapping[UUID, Standing], at: dt.datetime) -> set[UUID]:
    """The keys of the modules that are complete now.

    A query only where a module asks for one that she cannot see any more.
    """
    asked = {
        module.translation_key
        for where in found.values()
        for row in where.module.prerequisites.all()
        for module in row.accepted
    }
    complete = {key for key, where in found.items() if where.counts}
    return complete | complete_keys(user.pk, at) if asked - set(found) else complete


def _modules(request: HttpRequest) -> list[ModulePage]:
    """The modules that she may see, with what each asks for. Two queries."""
    wanted = Prerequisite.objects.select_related("module", "or_instead")
    visible = ModulePage.objects.visible_to(visitor_of(request), barriers_of(request))
    return list(
        visible.defer("body").order_by("path").prefetch_related(Prefetch("prerequisites", wanted))
    )


def _row(where: Standing, complete: set[UUID], request: HttpRequest) -> Row:
    module = where.module
    missing = unmet(module.prerequisites.all(), complete)
    step = next_step(where, missing, request)
    page = module.get_url(request) or ""  # with the request, all addresses cost one query
    return Row(
        module=module,
        page=page,
        line=standing_line(where),
        address=page if step.is_change else step.address,
        label="Read the statement and confirm it" if step.statement else step.label,
        text=f"Complete first: {'; '.join(map(str, missing))}." if missing else step.text,
        read=lessons_read(where) if where.is_open else 0,
        lessons=len(where.lessons) if where.is_open else 0,
        certificate=certificate_address(where),
        due=deadline(where, cast(User, request.user)),
    )


def _goes_on(where: Standing) -> bool:
    return where.is_open and bool(where.lessons)


def _renewing(found: Mapping[UUID, Standing], rows: Mapping[UUID, Row]) -> list[Row]:
    """What expires soon, has expired or was revoked, and is not under way; the earliest first."""
    lapsed = (Status.EXPIRED, Status.REVOKED)
    wanted = [
        (key, where)
        for key, where in found.items()
        if not where.is_open and (where.is_renewable or where.status in lapsed)
    ]
    wanted.sort(key=lambda pair: _end(pair[1]))
    return [_because(rows[key], _why_again(where)) for key, where in wanted]


def _end(where: Standing) -> dt.datetime:
    expires_at = where.completion.expires_at if where.completion else None
    return expires_at or dt.datetime.max.replace(tzinfo=dt.UTC)


def _why_again(where: Standing) -> str:
    expires_at = where.completion.expires_at if where.completion else None
    if not where.counts:
        return ""  # the tag says it: expired, or revoked
    if expires_at and where.renewable_from and where.at >= where.renewable_from:
        return f"It expires on {day(expires_at)}."
    return "The module has a new version. What you completed still counts."


def _latest_first(found: Mapping[UUID, Standing]) -> list[tuple[UUID, Standing]]:
    earliest = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(
        found.items(),
        key=lambda pair: pair[1].completion.completed_at if pair[1].completion else earliest,
        reverse=True,
    )


def _because(row: Row, reason: str) -> Row:
    return replace(row, text=reason)
