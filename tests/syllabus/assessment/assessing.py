"""What the tests of the assessment share: a question of every kind, and answers as forms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from learning_hub.accounts.models import User
from syllabus.models import Attempt, ModulePage, QuestionKind
from tests.factories.syllabus import begin, make_module, make_question

SECRETS = ("Because it is so", "You chose well", "You chose badly")


def make_module_of_every_kind(**fields: Any) -> ModulePage:
    """A module whose assessment asks one question of every kind."""
    module = make_module(questions=0, questions_per_outcome=len(QuestionKind), **fields)
    outcome = module.outcomes.get()
    good, bad = {"is_correct": True, "feedback": SECRETS[1]}, {"feedback": SECRETS[2]}
    rows: dict[QuestionKind, list[dict[str, Any]]] = {
        QuestionKind.SINGLE: [{"text": "Red", **bad}, {"text": "Green", **good}],
        QuestionKind.MULTIPLE: [
            {"text": "North", **good},
            {"text": "Up", **bad},
            {"text": "South", **good},
        ],
        QuestionKind.TRUE_FALSE: [{"text": "True", **good}, {"text": "False", **bad}],
        QuestionKind.ORDERING: [{"text": text} for text in ("First", "Second", "Third", "Fourth")],
        QuestionKind.MATCHING: [
            {"text": "Cat", "match": "Kitten"},
            {"text": "Dog", "match": "Puppy"},
            {"text": "Cow", "match": "Calf"},
        ],
        QuestionKind.NUMERIC: [],
    }
    for kind, options in rows.items():
        numeric = {"number": "73915.5", "tolerance": "0.25", "unit": "mg"}
        extra = numeric if kind == QuestionKind.NUMERIC else {}
        make_question(
            outcome, kind, *options, stem=f"The one about {kind}?", feedback=SECRETS[0], **extra
        )
    return module


def begin_now(trainee: User, module: ModulePage, *, ago: dt.timedelta = dt.timedelta(0)) -> Attempt:
    """An attempt that began a moment ago by the real clock, which the pages use."""
    return begin(trainee, module, timezone.now() - ago)


def position_of(attempt: Attempt, kind: QuestionKind) -> int:
    """Where on the paper the (first) question of a kind is."""
    return next(n for n, q in enumerate(attempt.paper, start=1) if q["kind"] == kind)


def address(attempt: Attempt, position: int) -> str:
    """The address of a question."""
    return reverse("attempt_question", args=[attempt.pk, position])


def as_form(response: dict[str, Any]) -> dict[str, Any]:
    """A response as a browser sends it."""
    if "order" in response:
        return {f"place-{key}": str(n) for n, key in enumerate(response["order"], start=1)}
    if "pairs" in response:
        return {f"match-{key}": match for key, match in response["pairs"].items()}
    return response
