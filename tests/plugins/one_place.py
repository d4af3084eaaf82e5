"""Keeps the slow tests of a folder in one process: they start servers of their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest


def keep_in_one_place(items: Iterable[pytest.Item], conftest: str, group: str) -> None:
    """Mark those of `items` that are below the folder of `conftest` as slow and as of one group."""
    folder = Path(conftest).parent
    for item in items:
        if item.path.is_relative_to(folder):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group(group))
