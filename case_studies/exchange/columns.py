"""The columns of an exchange file: which fields travel, under which names, and which must be there.

What a column holds (its type, length and choices) is read from the model, so that the file, the
editor and the database cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from case_studies import publishing, tidier
from case_studies.models import CaseStudyPage
from case_studies.rows import Adoption, Outcome, Reach

MAX_ROWS_OF_A_KIND = 30

STUDY_COLUMNS: tuple[str, ...] = (
    "external_id",
    "title",
    "slug",
    "one_line_result",
    "organisation",
    "regions",
    "settings",
    "delivery_method",
    "started_on",
    "ended_on",
    "status",
    "problem",
    "baseline",
    "specialties",
    "stages",
    "needs",
    "intervention_types",
    "capabilities",
    "impact_types",
    "recommendations",
    *tidier.FIELDS,
    "body",
    "set_up_cost",
    "cost_per_trainee",
    "funding_source",
    "evidence_level",
    "effect_size",
    "lessons",
    "licence",
    "contact_role",
    "contact_mailbox",
    "is_illustrative",
    "last_reviewed_on",
    "next_review_on",
    "content_owner",
)

NEEDED_ALWAYS: tuple[str, ...] = ("external_id", "title", "one_line_result", "organisation")

NEEDED_TO_PUBLISH: tuple[str, ...] = tuple(publishing.NEEDED)


@dataclass(frozen=True)
class RowKind:
    """One kind of structured rows: `name` as in JSON, `prefix` as in numbered columns."""

    name: str
    prefix: str
    model: type[models.Model]
    keys: tuple[str, ...]

    def column(self, number: int, key: str) -> str:
        """The name of a numbered column, such as `outcome_1_measure`."""
        return f"{self.prefix}_{number}_{key}"

    def needs(self, key: str) -> bool:
        """Whether a row of this kind is nothing without `key`."""
        column = field_of(self.model, key)
        return not column.blank and not column.has_default()


ROW_KINDS: tuple[RowKind, ...] = (
    RowKind(
        "outcomes",
        "outcome",
        Outcome,
        (
            "measure",
            "unit",
            "baseline",
            "follow_up",
            "number_measured",
            "design",
            "higher_is_better",
        ),
    ),
    RowKind("reach", "reach", Reach, ("group", "eligible", "took_part", "completed")),
    RowKind(
        "adoptions", "adoption", Adoption, ("organisation", "region", "adopted_on", "what_changed")
    ),
)


def field_of(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The model's own field behind a column."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} is a relation from elsewhere, not a column.")
    return field


def study_field(name: str) -> models.Field[Any, Any]:
    """The field of a case study behind a column."""
    return field_of(CaseStudyPage, name)


def numbered_columns(counts: dict[str, int]) -> Iterator[str]:
    """The numbered columns for so many rows of each kind, in the order of a file's header."""
    for kind in ROW_KINDS:
        for number in range(1, counts[kind.name] + 1):
            yield from (kind.column(number, key) for key in kind.keys)


# Every column that may carry a number, and where its value belongs.
NUMBERED: dict[str, tuple[RowKind, int, str]] = {
    kind.column(number, key): (kind, number, key)
    for kind in ROW_KINDS
    for number in range(1, MAX_ROWS_OF_A_KIND + 1)
    for key in kind.keys
}
