"""`pytest --only-database`: a test that asks the run's database nothing passes on any of them."""

from __future__ import annotations

import pytest

from tests.plugins.choosing import keep_only

OPTION = "--only-database"
# What gives a test the database; pytest-django lets nobody else have it.
_FIXTURES = frozenset({"db", "transactional_db", "live_server", "database_for_threads"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addoption(OPTION, action="store_true", help="run the tests that use the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what uses none, or starts sites with databases of their own."""
    if config.getoption(OPTION):
        keep_only(config, items, _uses_the_database)


def _uses_the_database(item: pytest.Item) -> bool:
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
