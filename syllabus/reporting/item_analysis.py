"""The item analysis of a module: its questions with how each does, ready to show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count

from syllabus.models import Attempt, Question, Submission
from syllabus.reporting.item_statistics import Tally

TOO_FEW = "too few yet"
NO_SPREAD = "no spread"
CHUNK = 500


@dataclass(frozen=True)
class Item:
    """One question and how it does; `question` is None where it was deleted."""

    key: str
    stem: str
    outcome: str
    question: Question | None
    tally: Tally
    wrong_answer: str

    @property
    def is_retired(self) -> bool:
        """Whether it is drawn no longer."""
        return self.question is None or self.question.is_retired

    @property
    def difficulty(self) -> str:
        """The share right, in words."""
        return _share(self.tally.difficulty)

    @property
    def unanswered(self) -> str:
        """The share not answered, in words."""
        return _share(self.tally.unanswered_share)

    @property
    def discrimination(self) -> str:
        """The correlation, in words."""
        if not self.tally.is_enough:
            return TOO_FEW
        value = self.tally.discrimination
        return NO_SPREAD if value is None else f"{value:.2f}".replace("-", "−")

    @property
    def commonest_wrong(self) -> str:
        """The wrong answer given most often, and how often."""
        if not self.tally.is_enough:
            return TOO_FEW
        found = self.tally.commonest_wrong
        return f"{self.wrong_answer} ({found[1]:,} of {self.tally.drawn:,})" if found else "none"


def submission_counts() -> dict[UUID, int]:
    """How many papers of each module were handed in, by its key. One query."""
    rows = Submission.objects.values("attempt__enrolment__module_key").annotate(n=Count("pk"))
    return dict(rows.order_by().values_list("attempt__enrolment__module_key", "n"))


def items(module_key: UUID) -> list[Item]:
    """The module's questions in the order of the bank; then those that have left it.

    Three queries. Reads every paper's marks once, a few hundred at a time.
    """
    tallies = _tallies(module_key)
    bank = Question.objects.filter(outcome__page__translation_key=module_key)
    strays = Question.objects.filter(key__in=tallies)
    found = {
        str(question.key): question
        for question in (bank | strays)
        .select_related("outcome")
        .order_by("outcome__sort_order", "pk")
    }
    papers = _papers(tallies.values())
    keys = [*found, *(key for key in tallies if key not in found)]
    return [_item(key, found.get(key), tallies.get(key, Tally()), papers) for key in keys]


def _tallies(module_key: UUID) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    rows = Submission.objects.filter(attempt__enrolment__module_key=module_key)
    ordered = rows.order_by("submitted_at", "pk")
    for attempt, correct, total, marks in ordered.values_list(
        "attempt_id", "correct", "total", "marks"
    ).iterator(chunk_size=CHUNK):
        for mark in marks:
            found.setdefault(mark["question"], Tally()).add(mark, correct, total, attempt)
    return found


def _papers(tallies: Iterable[Tally]) -> Mapping[tuple[UUID, str], dict[str, Any]]:
    """The questions as they stood on the papers that are quoted, by paper and question."""
    wanted: set[UUID] = set()
    for tally in tallies:
        if tally.latest:
            wanted.add(tally.latest)
        if wrong := tally.commonest_wrong:
            wanted.add(tally.seen_in[wrong[0]])
    rows = Attempt.objects.filter(pk__in=wanted).values_list("pk", "paper")
    return {(pk, question["question"]): question for pk, paper in rows for question in paper}


def _item(
    key: str,
    question: Question | None,
    tally: Tally,
    papers: Mapping[tuple[UUID, str], dict[str, Any]],
) -> Item:
    printed = papers[tally.latest, key] if tally.latest else {"stem": "", "outcome": ""}
    wrong = tally.commonest_wrong
    outcome = question.outcome.text if question and question.outcome else printed["outcome"]
    return Item(
        key=key,
        stem=question.stem if question else printed["stem"],
        outcome=outcome,
        question=question,
        tally=tally,
        wrong_answer=in_words(papers[tally.seen_in[wrong[0]], key], wrong[0]) if wrong else "",
    )


def in_words(printed: Mapping[str, Any], canonical: str) -> str:
    """A response as its trainee saw it on the paper."""
    response = json.loads(canonical)
    texts = {each["key"]: each["text"] for each in (*printed["options"], *printed["matches"])}
    if "number" in response:
        return f"{response['number']} {printed['unit']}".strip()
    if "order" in response:
        return ", then ".join(texts[key] for key in response["order"])
    if "pairs" in response:
        return "; ".join(f"{texts[a]}: {texts[b]}" for a, b in response["pairs"].items())
    return "; ".join(texts[key] for key in texts if key in response["chosen"])


def _share(value: Fraction | None) -> str:
    return TOO_FEW if value is None else f"{float(value):.0%}"
