"""How a long exchange tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

# Called with the stage, how many are done, and of how many.
Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
