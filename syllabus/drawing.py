"""Draws an assessment from the question bank, and shows it without its answer keys."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from syllabus.models import ModulePage, Option, Question, QuestionKind
from syllabus.refusals import ModuleNotOpen
from syllabus.responses import Question as PaperQuestion

# What a browser may know of a question before it is marked.
SHOWN = ("question", "outcome", "kind", "stem", "unit", "options", "matches")


def draw(module: ModulePage, chance: random.Random) -> list[PaperQuestion]:
    """A paper: `questions_per_outcome` questions of each outcome, shuffled, options too.

    Two queries. Raises ModuleNotOpen where an outcome has too few questions. Each question is
    a dict: question (its key), outcome (text), kind, stem, unit, options (key, text), matches
    (key, text), answer (a response, of a number also its tolerance), feedback, option_feedback.
    """
    bank: dict[int, list[Question]] = {outcome.pk: [] for outcome in module.outcomes.all()}
    questions = Question.objects.in_use().filter(outcome__in=bank)
    for question in questions.select_related("outcome").prefetch_related("options").order_by("pk"):
        bank[question.outcome_id].append(question)
    wanted = module.questions_per_outcome
    if not bank or any(len(questions) < wanted for questions in bank.values()):
        raise ModuleNotOpen
    drawn = [question for pool in bank.values() for question in chance.sample(pool, wanted)]
    chance.shuffle(drawn)
    return [_on_paper(question, chance) for question in drawn]


def shown(question: PaperQuestion) -> dict[str, Any]:
    """What the trainee sees of a question while the attempt is open."""
    return {name: question[name] for name in SHOWN}


def _on_paper(question: Question, chance: random.Random) -> PaperQuestion:
    options = list(question.options.all())
    return {
        "question": str(question.key),
        "outcome": question.outcome.text if question.outcome else "",
        "kind": question.kind,
        "stem": question.stem,
        "unit": question.unit,
        "options": _options(question, options, chance),
        "matches": _matches(question, options, chance),
        "answer": _answer(question, options),
        "feedback": question.feedback,
        "option_feedback": {str(option.key): option.feedback for option in options},
    }


def _options(
    question: Question, options: list[Option], chance: random.Random
) -> list[dict[str, str]]:
    rows = [{"key": str(option.key), "text": option.text} for option in options]
    if question.kind == QuestionKind.TRUE_FALSE:
        return rows  # true before false is what everyone expects
    return _shuffled(rows, chance)


def _matches(
    question: Question, options: list[Option], chance: random.Random
) -> list[dict[str, str]]:
    if question.kind != QuestionKind.MATCHING:
        return []
    texts = sorted({option.match for option in options})
    return _shuffled([{"key": f"m{n}", "text": text} for n, text in enumerate(texts)], chance)


def _answer(question: Question, options: list[Option]) -> dict[str, Any]:
    if question.kind == QuestionKind.NUMERIC:
        return {"number": str(question.number), "tolerance": str(question.tolerance)}
    if question.kind == QuestionKind.ORDERING:
        return {"order": [str(option.key) for option in options]}
    if question.kind == QuestionKind.MATCHING:
        texts = sorted({option.match for option in options})
        pairs = {str(option.key): f"m{texts.index(option.match)}" for option in options}
        return {"pairs": dict(sorted(pairs.items()))}
    return {"chosen": sorted(str(option.key) for option in options if option.is_correct)}


def _shuffled(rows: Iterable[dict[str, str]], chance: random.Random) -> list[dict[str, str]]:
    order = list(rows)
    chance.shuffle(order)
    return order
