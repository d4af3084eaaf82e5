"""Tells a damaged index from every other problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from search.engines.protocol import IndexUnusable


@contextmanager
def reading() -> Iterator[None]:
    """Turn whatever a damaged index does to its reader into IndexUnusable."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as problem:
        raise IndexUnusable(f"The search index cannot be read: {problem}") from problem
    except BaseException as problem:
        # tantivy meets damaged files with a panic, which Python sees as no ordinary exception.
        if type(problem).__name__ != "PanicException":
            raise
        raise IndexUnusable(f"The search index is damaged: {problem}") from problem
