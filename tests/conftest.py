"""Fixtures that every test may use."""

from __future__ import annotations

import pytest

from learning_hub.taxonomy import vocabulary

pytest_plugins = [
    "tests.plugins.migrated_database",
    "tests.plugins.restored_database",
    "tests.plugins.elasticsearch",
    "tests.plugins.nginx",
    "tests.plugins.postgres",
    "tests.plugins.search_index",
]


@pytest.fixture(autouse=True)
def _fresh_vocabulary() -> None:
    """A test's rollback undoes terms without the kept copy noticing."""
    vocabulary.forget()
