"""What clients were told is done, held against what the database has."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

# A kind of record, and the client-made key of each of its rows: one key, one row.
KEYS = {
    "enrolment": "SELECT key FROM syllabus_enrolment",
    "attempt": "SELECT key FROM syllabus_attempt",
    "answer": "SELECT key FROM syllabus_answer",
    "submission": "SELECT key FROM syllabus_submission",
    "completion": (
        "SELECT s.key FROM syllabus_completion c"
        " JOIN syllabus_submission s ON s.id = c.submission_id"
    ),
    "certificate": (
        "SELECT s.key FROM syllabus_certificate t"
        " JOIN syllabus_completion c ON c.id = t.completion_id"
        " JOIN syllabus_submission s ON s.id = c.submission_id"
    ),
}
Fact = tuple[str, str]


@dataclass(frozen=True)
class Balance:
    """What is missing, and what is there more than once."""

    acknowledged: int
    lost: list[Fact]
    doubled: list[Fact]


def fact(kind: str, key: uuid.UUID | str) -> Fact:
    """One record of one kind, however the database writes its key."""
    return kind, uuid.UUID(str(key)).hex


def balance(
    acknowledged: Iterable[Fact], rows: Callable[[str], Iterable[tuple[Any, ...]]]
) -> Balance:
    """Hold `acknowledged` against what `rows(query)` finds."""
    told = set(acknowledged)
    found = Counter(fact(kind, key) for kind, query in KEYS.items() for (key,) in rows(query))
    return Balance(
        acknowledged=len(told),
        lost=sorted(told - set(found)),
        doubled=sorted(each for each, times in found.items() if times > 1),
    )
