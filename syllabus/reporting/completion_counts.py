"""Counts completions in the database: by module, region, specialty and month."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Min
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from syllabus.append_only import AppendOnlyQuerySet
from syllabus.models import Completion
from syllabus.reporting.periods import TrainingYear

MODULE, REGION, SPECIALTY, MONTH = "module", "region", "specialty", "month"
BREAKDOWNS = (REGION, SPECIALTY, MONTH)
_PROFILE = "enrolment__trainee__profile"


@dataclass
class ModuleCount:
    """The completions of one module: how many, and by each dimension the key of its value.

    A region or specialty is known by its number, or None where the profile names none; a month
    by its first day.
    """

    total: int = 0
    by: dict[str, Counter[Hashable]] = field(
        default_factory=lambda: {dimension: Counter() for dimension in BREAKDOWNS}
    )


def counted() -> AppendOnlyQuerySet:
    """The completions that a report counts: all but those whose certificate was revoked."""
    found: AppendOnlyQuerySet = Completion.objects.filter(certificate__revocation__isnull=True)
    return found


def first_completion_at() -> dt.datetime | None:
    """When the first completion that counts was recorded. One query."""
    first: dt.datetime | None = counted().aggregate(first=Min("completed_at"))["first"]
    return first


def count_completions(year: TrainingYear) -> dict[UUID, ModuleCount]:
    """The completions of a training year by the key of the module. One query, so one moment."""
    found: dict[UUID, ModuleCount] = {}
    for module_key, *values, number in _groups(year):
        count = found.setdefault(module_key, ModuleCount())
        count.total += number
        for dimension, value in zip(BREAKDOWNS, values, strict=True):
            count.by[dimension][_key(value)] += number
    return found


def _groups(year: TrainingYear) -> Iterable[tuple[UUID, int | None, int | None, dt.datetime, int]]:
    completions = counted().filter(completed_at__gte=year.starts_at, completed_at__lt=year.ends_at)
    return (
        completions.annotate(
            region=Coalesce(f"{_PROFILE}__region__merged_into", f"{_PROFILE}__region"),
            specialty=Coalesce(f"{_PROFILE}__specialty__merged_into", f"{_PROFILE}__specialty"),
            month=TruncMonth("completed_at", tzinfo=timezone.get_default_timezone()),
        )
        .values("enrolment__module_key", *BREAKDOWNS)
        .annotate(number=Count("pk"))
        .order_by()
        .values_list("enrolment__module_key", *BREAKDOWNS, "number")
    )


def _key(value: int | dt.datetime | None) -> Hashable:
    return value.date() if isinstance(value, dt.datetime) else value
