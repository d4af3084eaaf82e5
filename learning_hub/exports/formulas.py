"""Keeps a spreadsheet from running the text that we write into its cells."""

from __future__ import annotations

import re

# What a spreadsheet takes for a formula, after any marks and blanks that belong to the text itself.
_FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def without_formula(text: str) -> str:
    """`text` with a mark before it where a spreadsheet would run it; a number stays a number."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_it_was(cell: str) -> str:
    """The text that `without_formula` wrote as `cell`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
