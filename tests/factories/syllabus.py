"""Modules, questions and enrolled trainees for tests."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib.auth.models import Group

from learning_hub.accounts.models import User
from learning_hub.accounts.roles import TRAINEES
from syllabus import attempts, enrolment, progress
from syllabus.models import (
    Attempt,
    Completion,
    Enrolment,
    LearningOutcome,
    LessonPage,
    ModulePage,
    Option,
    Question,
    QuestionKind,
    SyllabusPage,
)
from tests.factories.accounts import make_person

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
Answer = dict[str, Any]


def make_syllabus() -> SyllabusPage:
    """The page at /syllabus/ that a migration planted."""
    return SyllabusPage.objects.get()


def make_trainee(email: str = "alice@example.org", name: str = "Alice Adams") -> User:
    """A trainee with a name to write on certificates."""
    trainee = make_person(email)
    trainee.first_name, _, trainee.last_name = name.partition(" ")
    trainee.save()
    trainee.groups.set(Group.objects.filter(name=TRAINEES))
    return trainee


def make_module(
    title: str = "Essentials for patient safety",
    *,
    lessons: int = 2,
    outcomes: int = 1,
    questions: int = 2,
    **fields: Any,
) -> ModulePage:
    """A published module with `lessons`, and `questions` true-or-false ones for each outcome."""
    module = ModulePage(
        title=title,
        **{"introduction": "About safety.", "level": "1", "live": True, **fields},
    )
    module.outcomes = [
        LearningOutcome(text=f"Recognise {n}", sort_order=n) for n in range(outcomes)
    ]
    make_syllabus().add_child(instance=module)
    for number in range(1, lessons + 1):
        make_lesson(module, f"Lesson {number}")
    for outcome in module.outcomes.all():
        for number in range(questions):
            make_question(outcome, stem=f"{outcome.text}, {number}: is it so?")
    return module


def make_lesson(module: ModulePage, title: str, *body: tuple[str, Any]) -> LessonPage:
    """A published lesson, the last of its module."""
    lesson = LessonPage(title=title, body=list(body) or [("paragraph", "<p>Read this.</p>")])
    return module.add_child(instance=lesson)


def make_question(
    outcome: LearningOutcome,
    kind: QuestionKind = QuestionKind.TRUE_FALSE,
    *options: dict[str, Any],
    **fields: Any,
) -> Question:
    """A question; without `options` its first one, “True”, is right."""
    question = Question(
        outcome=outcome,
        kind=kind,
        **{"stem": "Is it so?", "feedback": "It is so because it is so.", **fields},
    )
    rows = options or (
        {"text": "True", "is_correct": True, "feedback": "Yes, it is."},
        {"text": "False", "feedback": "No: read lesson 1 again."},
    )
    if kind != QuestionKind.NUMERIC:
        question.options = [Option(sort_order=n, **row) for n, row in enumerate(rows)]
    question.save()
    return question


def enrol(trainee: User, module: ModulePage, at: dt.datetime = NOON) -> Enrolment:
    """The trainee starts the module."""
    return enrolment.start(trainee=trainee, module=module, key=uuid.uuid4(), at=at)


def read_all(trainee: User, module: ModulePage, at: dt.datetime = NOON) -> None:
    """The trainee marks every lesson as read."""
    for lesson in module.lessons:
        progress.read_lesson(trainee=trainee, lesson=lesson, at=at)


def begin(trainee: User, module: ModulePage, at: dt.datetime = NOON) -> Attempt:
    """The trainee begins an assessment, having enrolled and read what she must."""
    enrol(trainee, module, at)
    read_all(trainee, module, at)
    return attempts.start_attempt(trainee=trainee, module=module, key=uuid.uuid4(), at=at)


def right_answer(question: dict[str, Any]) -> Answer:
    """The right response to a question on a paper."""
    answer: Answer = question["answer"]
    return {"number": answer["number"]} if "number" in answer else answer


def wrong_answer(question: dict[str, Any]) -> Answer:
    """A response to a single or true-or-false question that is not right."""
    right = question["answer"]["chosen"]
    return {"chosen": [next(o["key"] for o in question["options"] if o["key"] not in right)]}


def answer_all(trainee: User, attempt: Attempt, *, right: bool, at: dt.datetime = NOON) -> None:
    """Answer every question, rightly or wrongly."""
    for position, question in enumerate(attempt.paper, start=1):
        attempts.save_answer(
            trainee=trainee,
            attempt_id=attempt.pk,
            position=position,
            key=uuid.uuid4(),
            response=right_answer(question) if right else wrong_answer(question),
            at=at,
        )


def complete_module(trainee: User, module: ModulePage, at: dt.datetime = NOON) -> Completion:
    """The trainee does all that completes the module."""
    attempt = begin(trainee, module, at)
    answer_all(trainee, attempt, right=True, at=at)
    submission = attempts.submit_attempt(
        trainee=trainee, attempt_id=attempt.pk, key=uuid.uuid4(), at=at
    )
    return submission.completion
