"""Training years, in whole months that have ended.

They never overlap, so that no two reports can be subtracted from each other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

FIRST_MONTH = 8  # training posts change over in August


@dataclass(frozen=True)
class TrainingYear:
    """The months of one training year that have ended. `months` holds their first days."""

    begins_in: int
    months: tuple[dt.date, ...]

    @property
    def key(self) -> str:
        """What it is called in an address: "2025"."""
        return str(self.begins_in)

    @property
    def starts_at(self) -> dt.datetime:
        """Midnight in London before its first day."""
        return _midnight(self.months[0])

    @property
    def ends_at(self) -> dt.datetime:
        """Midnight in London after its last day that counts."""
        return _midnight(_next_month(self.months[-1]))

    def __str__(self) -> str:
        return f"{month_name(self.months[0])} to {month_name(self.months[-1])}"


def training_years(first: dt.datetime | None, at: dt.datetime) -> list[TrainingYear]:
    """The training years from the one of `first` to that of the last month ended, newest first."""
    this_month = timezone.localdate(at).replace(day=1)
    newest = _year_of(this_month - dt.timedelta(days=1))
    oldest = min(newest, _year_of(timezone.localdate(first))) if first else newest
    return [_training_year(year, this_month) for year in range(newest, oldest - 1, -1)]


def month_name(first_day: dt.date) -> str:
    """A month for reading: "March 2026"."""
    return date_format(first_day, "F Y")


def _training_year(begins_in: int, this_month: dt.date) -> TrainingYear:
    months = [dt.date(begins_in, FIRST_MONTH, 1)]
    while len(months) < 12 and _next_month(months[-1]) < this_month:
        months.append(_next_month(months[-1]))
    return TrainingYear(begins_in, tuple(months))


def _year_of(day: dt.date) -> int:
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def _next_month(first_day: dt.date) -> dt.date:
    return (first_day + dt.timedelta(days=31)).replace(day=1)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())
