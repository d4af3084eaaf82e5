"""Bars for published figures: where each begins and ends, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from syllabus.reporting.completion_report import Row, Table
from syllabus.reporting.suppression import Figure

ROW_HEIGHT = 46
LABEL_DROP, BAR_DROP, BAR_HEIGHT = 16, 22, 14


@dataclass(frozen=True)
class Bar:
    """One row: its label, and its bar in per cent of the width.

    `sure` is as long as the figure is at least, `range` reaches on to what it may be at most.
    """

    label: str
    label_y: int
    bar_y: int
    sure: str
    range: str


@dataclass(frozen=True)
class Chart:
    """The bars of one table; `height` in pixels."""

    title: str
    in_words: str
    bars: tuple[Bar, ...]
    height: int
    bar_height: int = BAR_HEIGHT


def charts(tables: Iterable[Table]) -> list[Chart | None]:
    """A chart for each table, all to one scale; None where there is nothing to draw.

    Knows published figures only, so no length gives away what a table does not.
    """
    tables = list(tables)
    figures = [row.figure for table in tables for row in table.rows]
    scale = max((figure.at_most or 0 for figure in figures), default=0)
    return [_chart(table, scale) for table in tables]


def _chart(table: Table, scale: int) -> Chart | None:
    rows = [row for row in table.rows if row.figure.at_most]
    if not rows:
        return None
    return Chart(
        title=f"Completions by {table.heading.lower()}: {table.title}",
        in_words="; ".join(f"{row.name}: {row.figure.in_words}" for row in rows),
        bars=tuple(_bar(number, row, scale) for number, row in enumerate(rows)),
        height=len(rows) * ROW_HEIGHT,
    )


def _bar(number: int, row: Row, scale: int) -> Bar:
    top = number * ROW_HEIGHT
    figure: Figure = row.figure
    # A small figure has no sure part: a mark of one would look like a count of one.
    sure = 0 if figure.is_small else figure.at_least
    return Bar(
        label=f"{row.name}: {figure.in_words}",
        label_y=top + LABEL_DROP,
        bar_y=top + BAR_DROP,
        sure=_percent(sure, scale),
        range=_percent(figure.at_most or 0, scale),
    )


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}%"
