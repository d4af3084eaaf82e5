"""Moves a trainee through a module: lessons read, a statement confirmed, the module completed."""

from __future__ import annotations

import calendar
import datetime as dt

from django.db import transaction

from learning_hub.accounts.models import User
from syllabus.certificates.issuing import issue
from syllabus.editions import edition_of
from syllabus.enrolment import latest_locked
from syllabus.models import (
    Completion,
    CompletionRule,
    Enrolment,
    LessonPage,
    LessonRead,
    ModuleEdition,
    ModulePage,
    Submission,
)
from syllabus.refusals import LessonsUnread, NotEnrolled, WrongRule


@transaction.atomic
def read_lesson(*, trainee: User, lesson: LessonPage, at: dt.datetime) -> LessonRead:
    """Mark a lesson as read; the last one completes a module whose rule asks for no more.

    Reading twice is reading once, also where the first time completed the module. Raises
    NotEnrolled.
    """
    module = ModulePage.objects.get(pk=lesson.get_parent().pk)
    enrolment, where = latest_locked(trainee, module, at)
    if not where.is_open and lesson.translation_key not in where.read:
        raise NotEnrolled
    read, _ = LessonRead.objects.get_or_create(
        enrolment=enrolment,
        lesson_key=lesson.translation_key,
        defaults={"title": lesson.title, "read_at": at},
    )
    is_last = all(each.translation_key == lesson.translation_key for each in where.unread)
    if where.is_open and is_last and module.completion_rule == CompletionRule.VIEWED:
        complete(enrolment=enrolment, edition=edition_of(module, at), at=at)
    result: LessonRead = read
    return result


@transaction.atomic
def acknowledge(*, trainee: User, module: ModulePage, at: dt.datetime) -> Completion:
    """Confirm the module's statement, which completes it.

    Confirming twice is confirming once. Raises NotEnrolled, LessonsUnread, WrongRule.
    """
    if module.completion_rule != CompletionRule.ACKNOWLEDGED:
        raise WrongRule
    enrolment, where = latest_locked(trainee, module, at)
    if where.completion and not where.is_open:
        return where.completion
    if where.unread:
        raise LessonsUnread([lesson.title for lesson in where.unread])
    return complete(enrolment=enrolment, edition=edition_of(module, at), at=at)


def complete(
    *,
    enrolment: Enrolment,
    edition: ModuleEdition,
    at: dt.datetime,
    submission: Submission | None = None,
) -> Completion:
    """Record that the rule is met, and issue the certificate, in the caller's transaction.

    Completing twice is completing once.
    """
    months = edition.facts["validity_months"]
    completion, is_new = Completion.objects.get_or_create(
        enrolment=enrolment,
        defaults={
            "edition": edition,
            "submission": submission,
            "completed_at": at,
            "expires_at": months_later(at, months) if months else None,
        },
    )
    if is_new:
        issue(completion=completion, at=at)
    result: Completion = completion
    return result


def months_later(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day and time `months` later, or the month's last day where it is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
