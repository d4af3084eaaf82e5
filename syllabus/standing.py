"""Where a trainee stands in each module, computed from the records whenever it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from syllabus.models import (
    Attempt,
    Completion,
    Enrolment,
    LessonPage,
    LessonRead,
    ModulePage,
    Prerequisite,
)

RENEWABLE_BEFORE_EXPIRY = dt.timedelta(days=90)


class Status(StrEnum):
    """Where somebody is with one module."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    EXHAUSTED = "exhausted"  # every attempt of this time through was failed
    DONE = "done"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Standing:
    """One trainee and one module at the moment `at`.

    `enrolment` is the latest; `completion` is that of the latest enrolment that has one, whether
    or not it still counts. `attempts` are those of `enrolment`, with their submissions.
    """

    module: ModulePage
    at: dt.datetime
    lessons: tuple[LessonPage, ...] = ()
    enrolment: Enrolment | None = None
    read: frozenset[UUID] = frozenset()
    attempts: tuple[Attempt, ...] = ()
    completion: Completion | None = None

    @property
    def status(self) -> Status:
        """Where the trainee is; a completion that counts outweighs a renewal just begun."""
        if self.counts:
            return Status.DONE
        if self.is_open:
            return Status.EXHAUSTED if self.attempts_left == 0 else Status.IN_PROGRESS
        if self.completion is None:
            return Status.NOT_STARTED
        return Status.REVOKED if was_revoked(self.completion) else Status.EXPIRED

    @property
    def is_open(self) -> bool:
        """Whether the latest enrolment waits for its completion."""
        if self.enrolment is None:
            return False
        return self.completion is None or self.completion.enrolment_id != self.enrolment.pk

    @property
    def counts(self) -> bool:
        """Whether the module is complete now: neither expired nor revoked."""
        return self.completion is not None and counts(self.completion, self.at)

    @property
    def is_revoked(self) -> bool:
        """Whether the certificate of the completion was revoked."""
        return self.completion is not None and was_revoked(self.completion)

    @property
    def renewable_from(self) -> dt.datetime | None:
        """When a completion that expires can be renewed."""
        expires_at = self.completion.expires_at if self.completion else None
        return expires_at - RENEWABLE_BEFORE_EXPIRY if expires_at else None

    @property
    def is_renewable(self) -> bool:
        """Whether it counts and may be renewed: soon to expire, or of an older version."""
        if not self.counts or self.completion is None:
            return False
        soon = self.renewable_from is not None and self.at >= self.renewable_from
        return soon or self.completion.edition.version < self.module.version

    @property
    def unread(self) -> list[LessonPage]:
        """The lessons that this enrolment still has to read, in order."""
        return [lesson for lesson in self.lessons if lesson.translation_key not in self.read]

    @property
    def open_attempt(self) -> Attempt | None:
        """The attempt that has not been handed in."""
        return next((each for each in self.attempts if not hasattr(each, "submission")), None)

    @property
    def attempts_left(self) -> int:
        """How many attempts this enrolment may still begin or finish."""
        ended = sum(hasattr(attempt, "submission") for attempt in self.attempts)
        return max(0, self.module.attempts_allowed - ended)

    @property
    def cooling_off_until(self) -> dt.datetime | None:
        """When an enrolment without attempts left gives way to a new one."""
        if self.attempts_left or not self.attempts:
            return None
        last = max(attempt.submission.submitted_at for attempt in self.attempts)
        return last + dt.timedelta(hours=self.module.cooling_off_hours)


def counts(completion: Completion, at: dt.datetime) -> bool:
    """Whether a completion counts at `at`: not expired, and its certificate not revoked."""
    is_current = completion.expires_at is None or at < completion.expires_at
    return is_current and not was_revoked(completion)


def was_revoked(completion: Completion) -> bool:
    """Whether the certificate of a completion was revoked."""
    certificate = getattr(completion, "certificate", None)
    return certificate is not None and hasattr(certificate, "revocation")


@dataclass
class _Records:
    """A trainee's records of some modules, by module key."""

    enrolments: dict[UUID, Enrolment] = field(default_factory=dict)
    completions: dict[UUID, Completion] = field(default_factory=dict)
    read: dict[int, set[UUID]] = field(default_factory=dict)
    attempts: dict[int, list[Attempt]] = field(default_factory=dict)


def standings(
    trainee_id: int, modules: Iterable[ModulePage], at: dt.datetime
) -> Mapping[UUID, Standing]:
    """The standing in each of `modules` by its key: four queries, however many there are."""
    modules = list(modules)
    records = _records(trainee_id, [module.translation_key for module in modules])
    lessons = _lessons(modules)
    return {
        module.translation_key: _standing(module, at, tuple(lessons.get(module.path, ())), records)
        for module in modules
    }


def standing(trainee_id: int, module: ModulePage, at: dt.datetime) -> Standing:
    """The standing in one module. Four queries."""
    return standings(trainee_id, [module], at)[module.translation_key]


def unmet_prerequisites(
    trainee_id: int | None, module: ModulePage, at: dt.datetime
) -> list[Prerequisite]:
    """What must be completed before `module`; for someone signed out, all of it. Two queries."""
    wanted = list(module.prerequisites.select_related("module", "or_instead"))
    if not wanted or trainee_id is None:
        return wanted
    return unmet(wanted, complete_keys(trainee_id, at))


def complete_keys(trainee_id: int, at: dt.datetime) -> set[UUID]:
    """The keys of all modules that are complete now. One query."""
    completions = Completion.objects.filter(enrolment__trainee_id=trainee_id).select_related(
        "enrolment", "certificate__revocation"
    )
    return {each.enrolment.module_key for each in completions if counts(each, at)}


def unmet(wanted: Iterable[Prerequisite], complete: set[UUID]) -> list[Prerequisite]:
    """Those of `wanted` that none of the complete modules meets."""
    return [row for row in wanted if not any(m.translation_key in complete for m in row.accepted)]


def _standing(
    module: ModulePage, at: dt.datetime, lessons: tuple[LessonPage, ...], records: _Records
) -> Standing:
    enrolment = records.enrolments.get(module.translation_key)
    number = enrolment.pk if enrolment else 0
    return Standing(
        module=module,
        at=at,
        lessons=lessons,
        enrolment=enrolment,
        read=frozenset(records.read.get(number, ())),
        attempts=tuple(records.attempts.get(number, ())),
        completion=records.completions.get(module.translation_key),
    )


_OF_ENROLMENT = (
    "completion__edition",
    "completion__submission",
    "completion__certificate__revocation",
)


def _records(trainee_id: int, keys: list[UUID]) -> _Records:
    found = _Records()
    enrolments = Enrolment.objects.filter(trainee_id=trainee_id, module_key__in=keys)
    for enrolment in enrolments.select_related(*_OF_ENROLMENT).order_by("number"):
        found.enrolments[enrolment.module_key] = enrolment
        if hasattr(enrolment, "completion"):
            found.completions[enrolment.module_key] = enrolment.completion
    latest = [enrolment.pk for enrolment in found.enrolments.values()]
    for number, key in LessonRead.objects.filter(enrolment__in=latest).values_list(
        "enrolment_id", "lesson_key"
    ):
        found.read.setdefault(number, set()).add(key)
    attempts = Attempt.objects.filter(enrolment__in=latest).select_related("submission")
    for attempt in attempts.defer("paper").order_by("number"):
        found.attempts.setdefault(attempt.enrolment_id, []).append(attempt)
    return found


def _lessons(modules: list[ModulePage]) -> dict[str, list[LessonPage]]:
    """The published lessons of each module by the module's path, in order. One query."""
    found: dict[str, list[LessonPage]] = {}
    if not modules:
        return found
    below = LessonPage.objects.none()
    for module in modules:
        below |= LessonPage.objects.child_of(module)
    for lesson in below.live().defer("body").order_by("path"):
        found.setdefault(lesson.path[: -LessonPage.steplen], []).append(lesson)
    return found
