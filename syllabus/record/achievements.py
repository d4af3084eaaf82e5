"""Completions as others may see them: what was completed, when, how well, does it still count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from syllabus.models import Completion, Share
from syllabus.standing import counts, was_revoked


class State(Enum):
    """Whether a completion still counts; its words, and the colour of its tag."""

    COUNTS = ("Complete", "green")
    RENEWED = ("Renewed since", "grey")
    EXPIRED = ("Expired", "yellow")
    REVOKED = ("Revoked", "red")

    def __init__(self, label: str, colour: str) -> None:
        self.label = label
        self.colour = colour


@dataclass(frozen=True)
class Achievement:
    """One completion, and what has become of it."""

    completion: Completion
    state: State

    @property
    def percent(self) -> int | None:
        """The mark, where there was an assessment."""
        submission = self.completion.submission
        return submission.percent if submission else None


def completions_of(trainee_id: int) -> list[Completion]:
    """Every completion of a trainee, newest first. One query."""
    rows = Completion.objects.filter(enrolment__trainee_id=trainee_id).select_related(
        "enrolment", "edition", "submission", "certificate__revocation"
    )
    return list(rows.order_by("-completed_at", "-enrolment__number"))


def achievements(completions: Iterable[Completion], at: dt.datetime) -> list[Achievement]:
    """`completions`, given newest first, with their state at `at`."""
    found: list[Achievement] = []
    newer: set[UUID] = set()
    for completion in completions:
        key = completion.enrolment.module_key
        found.append(Achievement(completion, _state(completion, key in newer, at)))
        newer.add(key)
    return found


def shared_achievements(share: Share, at: dt.datetime) -> list[Achievement]:
    """What `share` lets its supervisor see: completions of those modules. One query."""
    wanted = set(share.module_keys)
    return [
        each
        for each in achievements(completions_of(share.trainee_id), at)
        if not wanted or str(each.completion.enrolment.module_key) in wanted
    ]


def _state(completion: Completion, is_renewed: bool, at: dt.datetime) -> State:
    if was_revoked(completion):
        return State.REVOKED
    if is_renewed:
        return State.RENEWED
    return State.COUNTS if counts(completion, at) else State.EXPIRED
