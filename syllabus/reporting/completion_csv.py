"""Writes the tables of the completion report as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from learning_hub.exports.formulas import without_formula
from syllabus.reporting.completion_report import HEADINGS, MODULE, Table
from syllabus.reporting.periods import TrainingYear

_FIGURES = ("Completions", "At least", "At most")


def as_csv(tables: Iterable[Table], year: TrainingYear, dimension: str) -> str:
    """The same figures as on the page, with what each lies between as numbers."""
    out = io.StringIO()
    writer = csv.writer(out)
    breakdown = [] if dimension == MODULE else [HEADINGS[dimension]]
    writer.writerow(["Months", HEADINGS[MODULE], *breakdown, *_FIGURES])
    for table in tables:
        for row in table.rows:
            names = [row.name] if dimension == MODULE else [table.title, row.name]
            figure = row.figure
            shown = figure.at_most is not None
            limits = [figure.at_least, figure.at_most] if shown else ["", ""]
            writer.writerow([str(year), *map(without_formula, names), figure.in_words, *limits])
    return out.getvalue()
