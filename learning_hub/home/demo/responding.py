"""Answers questions as the demo's fictional trainees do: rightly, or wrong in a likely way."""

from __future__ import annotations

import random
from typing import Any

from syllabus.models import QuestionKind
from syllabus.responses import Question, Response


def answer(question: Question, *, skill: float, chance: random.Random) -> Response:
    """A response to a question on a paper, right with the probability `skill` (0 to 1)."""
    right = _right(question)
    return right if chance.random() < skill else _wrong(question, right, chance)


def _right(question: Question) -> Response:
    answer: dict[str, Any] = question["answer"]
    return {"number": answer["number"]} if question["kind"] == QuestionKind.NUMERIC else answer


def _wrong(question: Question, right: Response, chance: random.Random) -> Response:
    kind = question["kind"]
    if kind == QuestionKind.NUMERIC:
        return {"number": str(float(right["number"]) * 10)}  # a slip of the decimal point
    if kind == QuestionKind.ORDERING:
        return {"order": [right["order"][1], right["order"][0], *right["order"][2:]]}
    if kind == QuestionKind.MATCHING:
        return {"pairs": _two_exchanged(right["pairs"])}
    others = [each["key"] for each in question["options"] if each["key"] not in right["chosen"]]
    return {"chosen": [chance.choice(others)]}


def _two_exchanged(pairs: dict[str, str]) -> dict[str, str]:
    (first, its), (second, other), *rest = pairs.items()
    return {first: other, second: its, **dict(rest)}
