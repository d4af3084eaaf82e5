"""Answers a knowledge check of a lesson: feedback for what was chosen, and nothing before that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CheckOption:
    """One option as it is shown; `value` is what the form sends for it."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class KnowledgeCheck:
    """A check as its reader sees it. Until she chooses, nothing here tells right from wrong."""

    id: str
    question: str
    options: tuple[CheckOption, ...]
    is_answered: bool = False
    is_correct: bool = False
    feedback: str = ""


def knowledge_check(
    check_id: str, value: Mapping[str, Any], asked: Mapping[str, str]
) -> KnowledgeCheck:
    """The check of `value`, answered where `asked` names it (check) and an option of it (answer).

    `asked` is what an address holds; anything unknown in it is ignored.
    """
    options = list(value["options"])
    answer = asked.get("answer", "") if check_id and asked.get("check") == check_id else ""
    values = [str(number) for number in range(1, len(options) + 1)]
    shown = tuple(
        CheckOption(number, option["text"], number == answer)
        for number, option in zip(values, options, strict=True)
    )
    if answer not in values:
        return KnowledgeCheck(check_id, value["question"], shown)
    chosen = options[values.index(answer)]
    return KnowledgeCheck(
        id=check_id,
        question=value["question"],
        options=shown,
        is_answered=True,
        is_correct=bool(chosen["is_correct"]),
        feedback=chosen["feedback"],
    )
