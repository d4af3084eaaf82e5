"""Gives a test an index of its own, and lets it find what its own transaction wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# search is imported late: a plugin is read before Django is ready.


@pytest.fixture
def search_index(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty folder for the index; it is made by the first search, of what the test wrote.

    A test runs inside one transaction that never commits, so what it wrote counts as committed.
    """
    from search import journal, synonyms  # noqa: PLC0415
    from search.engines.selection import current_engine  # noqa: PLC0415

    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "search-index"
    monkeypatch.setattr(journal, "is_written_by_this_transaction", lambda: False)
    monkeypatch.setattr(journal, "_announcements_that_stand_or_fall_with_us", lambda: [])
    synonyms.forget()
    yield current_engine()
    synonyms.forget()
