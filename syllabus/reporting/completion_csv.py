"""Writes the tables of the completion report as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from syllabus.reporting.completion_report import HEADINGS, MODULE, Table
from syllabus.reporting.periods import TrainingYear

# What a spreadsheet takes for a formula, after any marks that belong to the text itself.
_FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]|[\t\r\n]")
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
            writer.writerow([str(year), *map(_as_text, names), figure.in_words, *limits])
    return out.getvalue()


def _as_text(name: str) -> str:
    """`name` with a mark before it where a spreadsheet would run it."""
    return f"'{name}" if _FORMULA.match(name) else name
