"""Says by when a module is due, and why then: less time at work means longer to do it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from learning_hub.accounts.models import FULL_TIME, User
from learning_hub.accounts.profile import profile_of
from syllabus.models import ModulePage
from syllabus.standing import Standing

_DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Deadline:
    """The day `on` by which `module` is due, for someone who works `working_percent`."""

    module: ModulePage
    on: dt.date
    started_on: dt.date
    full_time_weeks: int
    working_percent: int
    is_overdue: bool

    @property
    def weeks(self) -> int:
        """The whole weeks that this person has."""
        return (self.on - self.started_on).days // _DAYS_A_WEEK

    @property
    def text(self) -> str:
        """Such as “Due 3 May 2027.”"""
        when = date_format(self.on, "j F Y")
        return f"Was due on {when}." if self.is_overdue else f"Due {when}."

    @property
    def reason(self) -> str:
        """Why then: from when it counts, and what the share of full time adds."""
        since = date_format(self.started_on, "j F Y")
        if self.working_percent == FULL_TIME:
            return f"You have {_many(self.full_time_weeks)} from {since}."
        return (
            f"You work {self.working_percent}% of full time, so you have {_many(self.weeks)} "
            f"instead of {self.full_time_weeks} from {since}."
        )


def due_on(module: ModulePage, user: User) -> dt.date | None:
    """The day by which `user` should complete `module`; None where the module sets no deadline."""
    weeks = module.due_within_weeks
    return profile_of(user).due_on(weeks) if weeks else None


def deadline(where: Standing, user: User) -> Deadline | None:
    """The deadline of a module that was never done; None where it was, or nothing is due.

    A deadline is for the first time: when to renew, the certificate says. The day itself is still
    in time. No query where the user's profile has been read.
    """
    module = where.module
    day = due_on(module, user)
    if day is None or not where.lessons or where.completion is not None:
        return None
    profile = profile_of(user)
    return Deadline(
        module=module,
        on=day,
        started_on=profile.counts_from,
        full_time_weeks=module.due_within_weeks or 0,
        working_percent=profile.working_percent,
        is_overdue=day < timezone.localdate(where.at),
    )


def _many(weeks: int) -> str:
    return "1 week" if weeks == 1 else f"{weeks} weeks"
