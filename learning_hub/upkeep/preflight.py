"""Asks, before anything is changed or served, whether the search engine is set up rightly."""

from __future__ import annotations

from collections.abc import Callable

from search.engines import selection


def preflight() -> None:
    """Nothing where all is well; raises an error whose text says, in one line, what to do."""
    ask: Callable[[], None] | None = getattr(selection, "preflight", None)
    if ask is not None:
        ask()
