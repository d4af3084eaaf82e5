"""A small model of one trainee's way through one module, to hold the real one against."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from syllabus.refusals import AlreadyComplete, CoolingOff
from syllabus.standing import Status
from tests.factories.syllabus import NOON

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
QUESTIONS, ATTEMPTS = 2, 2
Outcome = type[Exception] | None


@dataclass
class Sitting:
    """An attempt, as the model knows it."""

    id: uuid.UUID
    closes_at: dt.datetime
    right: dict[int, bool] = field(default_factory=dict)
    ended_at: dt.datetime | None = None

    @property
    def passes(self) -> bool:
        """Whether handing it in now passes: 80 % of two questions are both."""
        return sum(self.right.values()) == QUESTIONS


@dataclass
class Round:
    """An enrolment, as the model knows it."""

    pk: int
    read: set[int] = field(default_factory=set)
    sittings: list[Sitting] = field(default_factory=list)
    completed_at: dt.datetime | None = None
    revoked: bool = False

    @property
    def expires_at(self) -> dt.datetime | None:
        """Twelve months after completion."""
        return self.completed_at and self.completed_at.replace(year=self.completed_at.year + 1)

    @property
    def sitting(self) -> Sitting | None:
        """The attempt that is not handed in."""
        return next((each for each in self.sittings if each.ended_at is None), None)

    @property
    def exhausted(self) -> bool:
        """Whether every attempt was handed in, in vain."""
        return self.completed_at is None and (
            sum(each.ended_at is not None for each in self.sittings) == ATTEMPTS
        )


@dataclass
class Life:
    """What should be true of one trainee and one module."""

    now: dt.datetime = NOON
    rounds: list[Round] = field(default_factory=list)

    @property
    def open(self) -> Round | None:
        """The round that is not complete."""
        return self.rounds[-1] if self.rounds and not self.rounds[-1].completed_at else None

    @property
    def done(self) -> Round | None:
        """The last complete round."""
        return next((each for each in reversed(self.rounds) if each.completed_at), None)

    @property
    def counts(self) -> bool:
        """Whether the last complete round still counts."""
        done = self.done
        return bool(done and done.expires_at and self.now < done.expires_at and not done.revoked)

    @property
    def status(self) -> Status:
        """Where the trainee stands."""
        if self.counts:
            return Status.DONE
        if self.open:
            return Status.EXHAUSTED if self.open.exhausted else Status.IN_PROGRESS
        if self.done:
            return Status.REVOKED if self.done.revoked else Status.EXPIRED
        return Status.NOT_STARTED

    def refuses_start(self) -> Outcome:
        """Why no new round may begin now."""
        done = self.done
        if self.counts and done and done.expires_at and self.now < done.expires_at - 90 * DAY:
            return AlreadyComplete
        if self.open:
            last = max(each.ended_at for each in self.open.sittings if each.ended_at)
            return CoolingOff if self.now < last + DAY else None
        return None

    def end(self, sitting: Sitting) -> None:
        """An attempt is handed in, or was out of time."""
        assert self.open
        sitting.ended_at = min(self.now, sitting.closes_at)
        if sitting.passes:
            self.open.completed_at = sitting.ended_at
