"""The report of completions: modules, and within each its regions, specialties or months."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from learning_hub.taxonomy.models import Region, Specialty, Term
from syllabus.models import ModuleEdition, ModulePage
from syllabus.reporting.completion_counts import (
    BREAKDOWNS,
    MODULE,
    MONTH,
    REGION,
    SPECIALTY,
    ModuleCount,
    count_completions,
)
from syllabus.reporting.periods import TrainingYear, month_name
from syllabus.reporting.suppression import HIDDEN, Figure, Published, published

HEADINGS = {MODULE: "Module", REGION: "Region", SPECIALTY: "Specialty", MONTH: "Month"}
NOT_SAID = "Not said"
Names = dict[Hashable, str]


@dataclass(frozen=True)
class Row:
    """A line of a table: what was counted, and the figure published of it."""

    name: str
    figure: Figure


@dataclass(frozen=True)
class Table:
    """One table of the report; `total` is None where the rows have none in common."""

    title: str
    heading: str
    rows: tuple[Row, ...]
    total: Figure | None = None

    @property
    def is_withheld(self) -> bool:
        """Whether the breakdown as a whole is not shown."""
        return all(row.figure == HIDDEN for row in self.rows)


def module_titles() -> dict[UUID, str]:
    """Every module that is published or was ever completed, by key. Two queries."""
    kept = ModuleEdition.objects.order_by("first_used_at", "pk")
    former = dict(kept.values_list("module_key", "facts__title"))
    pages = ModulePage.objects.live().order_by("path")
    current = dict(pages.values_list("translation_key", "title"))
    return {**current, **{key: title for key, title in former.items() if key not in current}}


def tables(year: TrainingYear, dimension: str, titles: Mapping[UUID, str]) -> list[Table]:
    """The tables of the report on the modules in `titles`.

    By module that is one table; by another dimension, one for each module. Three queries.
    """
    names = _names(year)
    figures = _published(count_completions(year), names, titles)
    if dimension == MODULE:
        rows = [Row(title, figures[key].total) for key, title in titles.items()]
        return [Table("All modules", HEADINGS[MODULE], tuple(rows))]
    return [
        Table(
            title,
            HEADINGS[dimension],
            tuple(
                Row(names[dimension][value], each)
                for value, each in figures[key].by[dimension].items()
            ),
            figures[key].total,
        )
        for key, title in titles.items()
    ]


def _published(
    counts: Mapping[UUID, ModuleCount], names: Mapping[str, Names], keys: Iterable[UUID]
) -> dict[UUID, Published]:
    """The figures by module. Every dimension takes part, whichever is asked for."""
    found = {}
    for key in keys:
        count = counts.get(key, ModuleCount())
        by = {each: _complete(count.by[each], names[each]) for each in BREAKDOWNS}
        found[key] = published(count.total, by)
    return found


def _complete(counts: Mapping[Hashable, int], names: Names) -> dict[Hashable, int]:
    """A count for every name, in their order; what has no name is among those not said."""
    found = dict.fromkeys(names, 0)
    for value, count in counts.items():
        found[value if value in names else None] += count
    return found


def _names(year: TrainingYear) -> dict[str, Names]:
    """What each dimension's values are called, in order: all terms, used or not. Two queries."""
    return {
        REGION: _terms(Region),
        SPECIALTY: _terms(Specialty),
        MONTH: {month: month_name(month) for month in year.months},
    }


def _terms(vocabulary: type[Term]) -> Names:
    terms = vocabulary._default_manager.unmerged().in_order()
    return {**dict(terms.values_list("pk", "name")), None: NOT_SAID}
