"""Everything that a trainee did, by module and as one list of events, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from syllabus.models import (
    Answer,
    Attempt,
    Certificate,
    Completion,
    Enrolment,
    LessonRead,
    ModuleEdition,
    ModulePage,
    Revocation,
    Submission,
)
from syllabus.record.achievements import Achievement, achievements
from syllabus.record.addresses import certificate_address

NAMELESS = "A module that is no longer published"


class Kind(StrEnum):
    """What happened. In the order in which things of one moment happen."""

    STARTED = "started"
    LESSON_READ = "lesson-read"
    ATTEMPT_BEGUN = "attempt-begun"
    ATTEMPT_MARKED = "attempt-marked"
    COMPLETED = "completed"
    CERTIFICATE_ISSUED = "certificate-issued"
    CERTIFICATE_REVOKED = "certificate-revoked"


ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Event:
    """One record, `row`, and the records around it that say more."""

    kind: Kind
    at: dt.datetime
    enrolment: Enrolment
    row: Any
    title: str
    edition: ModuleEdition | None = None
    attempt: Attempt | None = None
    submission: Submission | None = None
    completion: Completion | None = None
    certificate: Certificate | None = None

    @property
    def record(self) -> str:
        """What this record is called in every copy: its kind, and its number or UUID."""
        return f"{self.kind}:{self.row.pk}"

    @property
    def module_key(self) -> UUID:
        """The module it belongs to."""
        return self.enrolment.module_key

    @property
    def lesson(self) -> LessonRead | None:
        """The lesson that was read, where that is what happened."""
        return self.row if isinstance(self.row, LessonRead) else None

    @property
    def revocation(self) -> Revocation | None:
        """The revocation, where that is what happened."""
        return self.row if isinstance(self.row, Revocation) else None

    @property
    def address(self) -> str:
        """Where a certificate that was issued can be checked; empty for all else."""
        is_issued = self.kind is Kind.CERTIFICATE_ISSUED
        return certificate_address(self.row) if is_issued else ""

    @property
    def words(self) -> str:
        """What happened, for the trainee."""
        return _WORDS[self.kind](self)


@dataclass(frozen=True)
class ModuleHistory:
    """One module: `page` while it is published, what was done, and what that came to."""

    key: UUID
    title: str
    page: ModulePage | None
    enrolments: tuple[Enrolment, ...]
    events: tuple[Event, ...]
    achievements: tuple[Achievement, ...]


@dataclass(frozen=True)
class History:
    """All that a trainee did up to `at`; the module she was last busy with comes first."""

    at: dt.datetime
    modules: tuple[ModuleHistory, ...]

    @property
    def events(self) -> list[Event]:
        """The events of all modules, newest first."""
        return _newest_first(event for module in self.modules for event in reversed(module.events))


def history(trainee_id: int, at: dt.datetime) -> History:
    """What `trainee_id` did: five queries, however many modules. Answers are read too."""
    enrolments = _enrolments(trainee_id)
    pages = {
        page.translation_key: page
        for page in ModulePage.objects.filter(
            translation_key__in={each.module_key for each in enrolments}
        ).defer("body")
    }
    modules = [
        _module(key, list(rows), pages.get(key), at)
        for key, rows in groupby(enrolments, key=lambda each: each.module_key)
    ]
    return History(at, tuple(sorted(modules, key=lambda each: each.events[0].at, reverse=True)))


def _enrolments(trainee_id: int) -> list[Enrolment]:
    """The trainee's enrolments with all that belongs to them, by module, in order."""
    attempts = Attempt.objects.select_related("edition", "submission").defer("paper")
    answers = Answer.objects.order_by("pk")
    return list(
        Enrolment.objects.filter(trainee_id=trainee_id)
        .select_related(
            "completion__edition", "completion__submission", "completion__certificate__revocation"
        )
        .prefetch_related(
            Prefetch("lessons_read", LessonRead.objects.order_by("read_at", "pk")),
            Prefetch("attempts", attempts.order_by("number")),
            Prefetch("attempts__answers", answers),
        )
        .order_by("module_key", "number")
    )


def _module(
    key: UUID, enrolments: list[Enrolment], page: ModulePage | None, at: dt.datetime
) -> ModuleHistory:
    completions = [each.completion for each in enrolments if hasattr(each, "completion")]
    title = page.title if page else _title_of_record(enrolments, completions)
    return ModuleHistory(
        key=key,
        title=title,
        page=page if page and page.live else None,
        enrolments=tuple(enrolments),
        events=tuple(_newest_first(event for each in enrolments for event in _events(each, title))),
        achievements=tuple(achievements(reversed(completions), at)),
    )


def _title_of_record(enrolments: list[Enrolment], completions: list[Completion]) -> str:
    """The title in the latest edition that the records know, where the page is gone."""
    editions = [each.edition for enrolment in enrolments for each in enrolment.attempts.all()]
    editions += [each.edition for each in completions]
    return editions[-1].title if editions else NAMELESS


def _events(enrolment: Enrolment, title: str) -> Iterator[Event]:
    yield Event(Kind.STARTED, enrolment.started_at, enrolment, enrolment, title)
    for lesson in enrolment.lessons_read.all():
        yield Event(Kind.LESSON_READ, lesson.read_at, enrolment, lesson, title)
    for attempt in enrolment.attempts.all():
        yield from _attempt_events(enrolment, attempt, title)
    if hasattr(enrolment, "completion"):
        yield from _completion_events(enrolment, enrolment.completion, title)


def _attempt_events(enrolment: Enrolment, attempt: Attempt, title: str) -> Iterator[Event]:
    edition = attempt.edition
    yield Event(Kind.ATTEMPT_BEGUN, attempt.started_at, enrolment, attempt, title, edition, attempt)
    if hasattr(attempt, "submission"):
        done = attempt.submission
        yield Event(
            Kind.ATTEMPT_MARKED, done.submitted_at, enrolment, done, title, edition, attempt, done
        )


def _completion_events(enrolment: Enrolment, completion: Completion, title: str) -> Iterator[Event]:
    certificate = getattr(completion, "certificate", None)
    about: dict[str, Any] = {
        "enrolment": enrolment,
        "title": title,
        "edition": completion.edition,
        "submission": completion.submission,
        "completion": completion,
        "certificate": certificate,
    }
    yield Event(Kind.COMPLETED, completion.completed_at, row=completion, **about)
    if certificate is None:
        return
    yield Event(Kind.CERTIFICATE_ISSUED, certificate.issued_at, row=certificate, **about)
    if hasattr(certificate, "revocation"):
        revocation = certificate.revocation
        yield Event(Kind.CERTIFICATE_REVOKED, revocation.revoked_at, row=revocation, **about)


def _newest_first(events: Iterable[Event]) -> list[Event]:
    """`events`, which are given oldest first where they are of the same moment."""
    return sorted(events, key=lambda event: (event.at, ORDER[event.kind]))[::-1]


def _started(event: Event) -> str:
    number = event.enrolment.number
    return "Started the module" if number == 1 else f"Started the module, for time {number}"


def _marked(event: Event) -> str:
    done: Submission = event.row
    ended = "ran out of time" if done.ran_out_of_time else "handed in"
    passed = "passed" if done.passed else "not passed"
    return (
        f"Attempt {done.attempt.number} {ended}: {done.correct} of {done.total} right "
        f"({done.percent}%), {passed}"
    )


def _completed(event: Event) -> str:
    return f"Completed version {event.edition.version}" if event.edition else "Completed"


def _revoked(event: Event) -> str:
    reason = event.revocation.reason if event.revocation else ""
    return f"The certificate was revoked: {reason}"


_WORDS = {
    Kind.STARTED: _started,
    Kind.LESSON_READ: lambda event: f"Read the lesson “{event.row}”",
    Kind.ATTEMPT_BEGUN: lambda event: f"Began attempt {event.row.number} of the assessment",
    Kind.ATTEMPT_MARKED: _marked,
    Kind.COMPLETED: _completed,
    Kind.CERTIFICATE_ISSUED: lambda event: "Received the certificate",
    Kind.CERTIFICATE_REVOKED: _revoked,
}
