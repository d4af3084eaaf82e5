"""Takes an assessment: draws it, saves answers as they are given, hands it in, marks it."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from learning_hub.accounts.models import User
from syllabus.drawing import draw
from syllabus.editions import edition_of
from syllabus.enrolment import locked
from syllabus.models import (
    Answer,
    Attempt,
    CompletionRule,
    Enrolment,
    ModulePage,
    Submission,
)
from syllabus.progress import complete
from syllabus.refusals import (
    AttemptClosed,
    AttemptNotFound,
    CoolingOff,
    LessonsUnread,
    NotEnrolled,
    PrerequisitesMissing,
    ResponseNotUnderstood,
    WrongRule,
)
from syllabus.responses import Response, checked, is_correct
from syllabus.standing import Standing, standing, unmet_prerequisites

_CHANCE = random.SystemRandom()


def start_attempt(
    *,
    trainee: User,
    module: ModulePage,
    key: UUID,
    at: dt.datetime,
    chance: random.Random = _CHANCE,
) -> Attempt:
    """Draw an assessment, or return the one that is open.

    The same key always returns the same attempt. Raises a Refused where the rules say no.
    """
    own = Attempt.objects.filter(
        enrolment__trainee=trainee, enrolment__module_key=module.translation_key
    )
    asked = own.filter(key=key).first()
    if asked is not None:
        return asked
    _hand_in_what_ran_out(trainee, module, key, at)
    try:
        with transaction.atomic():
            return _start_attempt(trainee, module, key, at, chance)
    except IntegrityError:  # another request of the same trainee was first
        return own.latest("started_at")


def _start_attempt(
    trainee: User, module: ModulePage, key: UUID, at: dt.datetime, chance: random.Random
) -> Attempt:
    if module.completion_rule != CompletionRule.PASSED:
        raise WrongRule
    enrolment, where = locked(trainee, module, at)
    attempt = where.open_attempt
    if attempt is not None:
        return attempt
    refuse_attempt(trainee, where)
    return _draw_attempt(enrolment, where, key, chance)


@transaction.atomic
def _hand_in_what_ran_out(trainee: User, module: ModulePage, key: UUID, at: dt.datetime) -> None:
    """Mark an attempt whose time is over, for good, whatever is refused after it."""
    attempt = standing(trainee.pk, module, at).open_attempt
    if attempt is not None and attempt.is_out_of_time(at):
        submit_attempt(trainee=trainee, attempt_id=attempt.pk, key=key, at=at)


def refuse_attempt(trainee: User, where: Standing) -> None:
    """Raise the Refused that keeps `trainee` from an attempt now; return where nothing does."""
    if not where.is_open:
        raise NotEnrolled
    if where.unread:
        raise LessonsUnread([lesson.title for lesson in where.unread])
    if missing := unmet_prerequisites(trainee.pk, where.module, where.at):
        raise PrerequisitesMissing([str(row) for row in missing])
    if where.cooling_off_until:
        raise CoolingOff(where.cooling_off_until)


def _draw_attempt(
    enrolment: Enrolment, where: Standing, key: UUID, chance: random.Random
) -> Attempt:
    module, at = where.module, where.at
    limit = module.time_limit_minutes
    return Attempt.objects.create(
        enrolment=enrolment,
        number=len(where.attempts) + 1,
        key=key,
        edition=edition_of(module, at),
        paper=draw(module, chance),
        pass_percent=module.pass_percent,
        started_at=at,
        closes_at=at + dt.timedelta(minutes=limit) if limit else None,
    )


@transaction.atomic
def save_answer(
    *, trainee: User, attempt_id: UUID, position: int, key: UUID, response: Any, at: dt.datetime
) -> Answer:
    """Save an answer to the question at `position`, from 1, and return the one that counts.

    The same form sent again is the same answer, saved once, and an old form sent again changes
    nothing; another response under any key is a change of mind and a new answer. Four statements.
    Raises AttemptNotFound, AttemptClosed, ResponseNotUnderstood.
    """
    attempt = _own_attempt(trainee, attempt_id)
    if hasattr(attempt, "submission") or attempt.is_out_of_time(at):
        raise AttemptClosed
    if not 1 <= position <= len(attempt.paper):
        raise ResponseNotUnderstood("There is no such question in this attempt.")
    fitting = checked(attempt.paper[position - 1], response)
    given = list(Answer.objects.filter(attempt=attempt, position=position).order_by("number"))
    if given and _is_replay(given, key, fitting):
        given[-1].attempt = attempt
        return given[-1]
    return Answer.objects.create(
        attempt=attempt,
        position=position,
        number=len(given) + 1,
        key=key,
        response=fitting,
        saved_at=at,
    )


def _is_replay(given: list[Answer], key: UUID, response: Response) -> bool:
    """Whether a form was sent again: the newest one, or an older one that comes late."""
    newest = given[-1]
    if newest.key == key:  # a form that is still open may take an answer back and give it again
        return bool(newest.response == response)
    return any(answer.key == key and answer.response == response for answer in given)


@transaction.atomic
def submit_attempt(*, trainee: User, attempt_id: UUID, key: UUID, at: dt.datetime) -> Submission:
    """Hand in an attempt and mark it; passing completes the module.

    Whoever hands it in again, or at the same moment, gets the same submission. After the time
    limit, what was saved in time is marked. Raises AttemptNotFound.
    """
    attempt = _own_attempt(trainee, attempt_id)
    if hasattr(attempt, "submission"):
        return attempt.submission
    return hand_in(attempt=attempt, key=key, at=at)


def hand_in(*, attempt: Attempt, key: UUID, at: dt.datetime) -> Submission:
    """Mark an open attempt, in the caller's transaction, which holds the attempt's lock."""
    ended_at = min(at, attempt.closes_at) if attempt.closes_at else at
    answers = latest_answers(attempt)
    marks = [
        {
            "position": position,
            "question": question["question"],
            "response": answers.get(position),
            "is_correct": is_correct(question, answers.get(position)),
        }
        for position, question in enumerate(attempt.paper, start=1)
    ]
    correct, total = sum(mark["is_correct"] for mark in marks), len(marks)
    submission = Submission.objects.create(
        attempt=attempt,
        key=key,
        submitted_at=ended_at,
        ran_out_of_time=attempt.is_out_of_time(at),
        correct=correct,
        total=total,
        passed=correct * 100 >= attempt.pass_percent * total,
        marks=marks,
    )
    if submission.passed:
        complete(
            enrolment=attempt.enrolment,
            edition=attempt.edition,
            at=submission.submitted_at,
            submission=submission,
        )
    return submission


def latest_answers(attempt: Attempt) -> dict[int, Response]:
    """The answer that counts to each question that has one, by position. One query."""
    rows = attempt.answers.order_by("number").values_list("position", "response")
    return dict(rows)


def _own_attempt(trainee: User, attempt_id: UUID) -> Attempt:
    """The trainee's attempt, in a transaction that nobody else's step overtakes.

    Locks first and reads then: PostgreSQL would join what it had read before it waited. Raises
    AttemptNotFound.
    """
    own = Enrolment.objects.select_for_update(of=("self",)).filter(attempts=attempt_id)
    if own.filter(trainee=trainee).first() is None:
        raise AttemptNotFound
    found: Attempt = Attempt.objects.select_related("enrolment", "edition", "submission").get(
        pk=attempt_id
    )
    return found
