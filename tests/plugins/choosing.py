"""Leaves out of a run the tests that it is not about, and lets pytest say how many."""

from __future__ import annotations

from collections.abc import Callable

import pytest


def keep_only(
    config: pytest.Config, items: list[pytest.Item], is_wanted: Callable[[pytest.Item], bool]
) -> None:
    """Take from `items` those that are not wanted."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        (kept if is_wanted(item) else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept
