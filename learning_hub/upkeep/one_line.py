"""Puts what went wrong in one line."""

from __future__ import annotations


def one_line(problem: BaseException | str) -> str:
    """The text of an error without its line breaks; its kind where it has no text."""
    return " ".join(str(problem).split()) or type(problem).__name__
