"""Sorts an item analysis, so that the questions to look at come first."""

from __future__ import annotations

from collections.abc import Iterable

from syllabus.reporting.item_analysis import Item
from syllabus.reporting.item_statistics import Tally

BANK, HARDEST, WEAKEST, LEFT_OUT, DRAWN = (
    "bank",
    "hardest",
    "discrimination",
    "unanswered",
    "drawn",
)
ORDERS = {
    BANK: "Order of the bank",
    HARDEST: "Hardest first",
    WEAKEST: "Lowest discrimination first",
    LEFT_OUT: "Most often left out first",
    DRAWN: "Most often drawn first",
}


def in_order(items: Iterable[Item], order: str) -> list[Item]:
    """The items by one of ORDERS; those of which too little is known come last."""

    def place(item: Item) -> tuple[bool, float]:
        value = _value(item.tally, order)
        return value is None, float(value or 0)

    return sorted(items, key=place)


def _value(tally: Tally, order: str) -> float | None:
    if order == HARDEST:
        return None if tally.difficulty is None else float(tally.difficulty)
    if order == WEAKEST:
        return tally.discrimination
    if order == LEFT_OUT:
        return None if tally.unanswered_share is None else -float(tally.unanswered_share)
    return -tally.drawn if order == DRAWN else 0
