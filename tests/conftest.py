"""Fixtures that every test may use."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, settings

from learning_hub.taxonomy import vocabulary

pytest_plugins = [
    "tests.plugins.migrated_database",
    "tests.plugins.restored_database",
    "tests.plugins.elasticsearch",
    "tests.plugins.nginx",
    "tests.plugins.only_database",
    "tests.plugins.postgres",
    "tests.plugins.search_index",
    "tests.plugins.slow_pages",
    "tests.plugins.without_axe",
]

# What hypothesis times is how busy this machine is, not what a test is about.
settings.register_profile(
    "hub", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("hub")


def pytest_collection_finish() -> None:
    """What is loaded by now is no garbage: to leave it alone saves a tenth of the time.

    To look for garbage less often than after 700 new objects saves a twentieth more.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _fresh_vocabulary() -> None:
    """A test's rollback undoes terms without the kept copy noticing."""
    vocabulary.forget()
