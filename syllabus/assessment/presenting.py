"""Puts an attempt into the words and rows that its pages show."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from syllabus.models import Attempt, ModulePage, QuestionKind, Submission
from syllabus.responses import Question, Response


@dataclass(frozen=True)
class OverviewRow:
    """A question of an open attempt: where it is, and what was answered so far."""

    position: int
    stem: str
    given: list[str]

    @property
    def is_answered(self) -> bool:
        """Whether an answer is saved."""
        return bool(self.given)


@dataclass(frozen=True)
class OptionFeedback:
    """What an option that was chosen says to whoever chose it."""

    text: str
    feedback: str


@dataclass(frozen=True)
class MarkedRow:
    """A question after marking: what was answered, what was right, and why."""

    position: int
    stem: str
    is_correct: bool
    given: list[str]
    right: list[str]
    remarks: list[OptionFeedback]
    feedback: str


@dataclass(frozen=True)
class Rules:
    """The rules of an assessment in numbers."""

    questions: int
    needed: int


def rules_of(module: ModulePage) -> Rules:
    """How many questions an assessment of `module` has, and how many must be right. One query."""
    total = module.outcomes.count() * module.questions_per_outcome
    return Rules(total, _needed(module.pass_percent, total))


def needed_for(submission: Submission) -> int:
    """How many right answers a pass took."""
    return _needed(submission.attempt.pass_percent, submission.total)


def overview(attempt: Attempt, answers: dict[int, Response]) -> list[OverviewRow]:
    """Every question of an open attempt in order, without what would tell its answer."""
    return [
        OverviewRow(position, question["stem"], spoken(question, answers.get(position)))
        for position, question in enumerate(attempt.paper, start=1)
    ]


def unanswered(attempt: Attempt, answers: dict[int, Response]) -> list[int]:
    """The positions that have no answer yet."""
    return [n for n in range(1, len(attempt.paper) + 1) if n not in answers]


def marked(submission: Submission) -> list[MarkedRow]:
    """Every question of a marked attempt, in order."""
    paper = submission.attempt.paper
    return [_marked_row(paper[mark["position"] - 1], mark) for mark in submission.marks]


def outcomes_to_read_again(submission: Submission) -> list[str]:
    """The learning outcomes of the questions that were wrong, each once."""
    paper = submission.attempt.paper
    wrong = [mark["position"] for mark in submission.marks if not mark["is_correct"]]
    return [text for text in dict.fromkeys(paper[n - 1]["outcome"] for n in wrong) if text]


def seconds_left(attempt: Attempt, at: dt.datetime) -> int | None:
    """How long answers are still taken, rounded up; None where there is no limit."""
    if attempt.closes_at is None:
        return None
    return max(0, math.ceil((attempt.closes_at - at).total_seconds()))


def spoken(question: Question, response: Response | None) -> list[str]:
    """A response in the words of its question, one string for each part; empty without one."""
    if response is None:
        return []
    texts = {option["key"]: option["text"] for option in question["options"]}
    kind = question["kind"]
    if kind == QuestionKind.NUMERIC:
        return [f"{response['number']} {question['unit']}".strip()]
    if kind == QuestionKind.ORDERING:
        return [f"{place}. {texts[key]}" for place, key in enumerate(response["order"], start=1)]
    if kind == QuestionKind.MATCHING:
        matches = {match["key"]: match["text"] for match in question["matches"]}
        pairs = response["pairs"]
        return [f"{texts[key]}: {matches[pairs[key]]}" for key in texts]
    return [text for key, text in texts.items() if key in response["chosen"]]


def _marked_row(question: Question, mark: dict[str, Any]) -> MarkedRow:
    response = mark["response"]
    chosen = response.get("chosen", []) if response else []
    remarks = question["option_feedback"]
    return MarkedRow(
        position=mark["position"],
        stem=question["stem"],
        is_correct=mark["is_correct"],
        given=spoken(question, response),
        right=_right(question),
        remarks=[
            OptionFeedback(option["text"], remarks[option["key"]])
            for option in question["options"]
            if option["key"] in chosen and remarks.get(option["key"])
        ],
        feedback=question["feedback"],
    )


def _right(question: Question) -> list[str]:
    answer = question["answer"]
    if question["kind"] != QuestionKind.NUMERIC:
        return spoken(question, answer)
    right = [f"{_plain(answer['number'])} {question['unit']}".strip()]
    if Decimal(answer["tolerance"]):
        right.append(f"Up to {_plain(answer['tolerance'])} more or less is right too.")
    return right


def _plain(number: str) -> str:
    """A decimal without the zeros at its end."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def _needed(percent: int, total: int) -> int:
    return -(-percent * total // 100)
