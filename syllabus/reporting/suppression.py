"""Turns counts of people into figures that give nobody away.

The rule and its limits: docs/decisions/0009-small-numbers.md. Only `Figure`s leave this module's
callers; tables, charts and files are made from them and never from counts.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

SMALLEST_SHOWN = 5
STEP = 5
NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Figure:
    """What is published of a count: it lies from `at_least` to `at_most`, both included.

    `at_most` is None where nothing at all is said of the count.
    """

    at_least: int
    at_most: int | None

    @property
    def is_small(self) -> bool:
        """Whether this stands for one to four people."""
        return self == SMALL

    @property
    def in_words(self) -> str:
        """The figure for reading: "0", "fewer than 5", "10 to 14", "not shown"."""
        if self.at_most is None:
            return NOT_SHOWN
        if self.is_small:
            return f"fewer than {SMALLEST_SHOWN}"
        if self.at_least == self.at_most:
            return f"{self.at_least:,}"
        return f"{self.at_least:,} to {self.at_most:,}"


NONE = Figure(0, 0)
SMALL = Figure(1, SMALLEST_SHOWN - 1)
HIDDEN = Figure(0, None)

Counts = Mapping[Hashable, int]
Figures = dict[Hashable, Figure]


@dataclass(frozen=True)
class Published:
    """The figures of one module in one period: its total, and by each dimension."""

    total: Figure
    by: Mapping[str, Figures]


def figure(count: int) -> Figure:
    """A count in steps: nobody, one to four, five to nine, ten to fourteen, and so on."""
    if count == 0:
        return NONE
    if count < SMALLEST_SHOWN:
        return SMALL
    low = count - count % STEP
    return Figure(low, low + STEP - 1)


def published(total: int, by: Mapping[str, Counts]) -> Published:
    """The figures of `total` completions, counted several ways: each of `by` adds up to it.

    A breakdown of fewer than five is not shown, nor one in which a small figure could be
    worked out. Both are decided from what would be shown, and never from what would be hidden:
    so to know the rule gives nothing away.
    """
    whole = figure(total)
    parts = {
        dimension: {value: figure(count) for value, count in counts.items()}
        for dimension, counts in by.items()
    }
    if whole.is_small or not is_safe(Published(whole, parts)):
        parts = {dimension: dict.fromkeys(figures, HIDDEN) for dimension, figures in parts.items()}
    return Published(whole, parts)


def is_safe(shown: Published) -> bool:
    """Whether every small figure could stand for at least two different counts.

    All ways of counting share one total, and any ways of counting with the same total can be
    true at once. So what a reader can know of the total is where all their ranges overlap, and
    what she can know of one figure is that total less the range of the figures beside it.
    """
    spans = [_span(figures) for figures in shown.by.values()]
    lowest = max([shown.total.at_least, *(low for low, _ in spans)])
    highest = min([shown.total.at_most or 0, *(high for _, high in spans)])
    return all(
        _possible_counts(low, high, lowest, highest) >= 2
        for figures, (low, high) in zip(shown.by.values(), spans, strict=True)
        if SMALL in figures.values()
    )


def _span(figures: Figures) -> tuple[int, int]:
    """From what to what the figures can add up."""
    lows = sum(each.at_least for each in figures.values())
    return lows, sum(each.at_most or 0 for each in figures.values())


def _possible_counts(low: int, high: int, lowest: int, highest: int) -> int:
    """How many counts one small figure can stand for, beside others that add up to the rest."""
    others_low, others_high = low - SMALL.at_least, high - (SMALLEST_SHOWN - 1)
    smallest = max(SMALL.at_least, lowest - others_high)
    largest = min(SMALLEST_SHOWN - 1, highest - others_low)
    return largest - smallest + 1
