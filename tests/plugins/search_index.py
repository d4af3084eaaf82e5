"""Gives a test an index of its own, and lets it find what its own transaction wrote.

`pytest --search-engine elasticsearch` runs every test that searches on a real server instead.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.choosing import keep_only

# search is imported late: a plugin is read before Django is ready.
_OPTION, _SERVER = "--search-engine", "elasticsearch"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addoption(_OPTION, choices=["embedded", _SERVER], default="embedded")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server, run the tests that search, but not those of one engine by itself."""
    if config.getoption(_OPTION) == _SERVER:
        keep_only(config, items, _searches_anywhere)


def _searches_anywhere(item: pytest.Item) -> bool:
    searches = "search_index" in getattr(item, "fixturenames", ())
    return searches and item.get_closest_marker("embedded_only") is None


@pytest.fixture
def search_index(
    request: pytest.FixtureRequest, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """An empty place for the index; it is made by the first search, of what the test wrote.

    A test runs inside one transaction that never commits, so what it wrote counts as committed.
    """
    from search import journal, synonyms  # noqa: PLC0415
    from search.engines.selection import current_engine  # noqa: PLC0415

    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "search-index"
    if request.config.getoption(_OPTION) == _SERVER:
        request.getfixturevalue("_on_a_server")
    monkeypatch.setattr(journal, "is_written_by_this_transaction", lambda: False)
    monkeypatch.setattr(journal, "_announcements_that_stand_or_fall_with_us", lambda: [])
    synonyms.forget()
    yield current_engine()
    synonyms.forget()


@pytest.fixture(scope="session")
def _name_on_the_server(elasticsearch_server: Any) -> Iterator[str]:
    """The alias of all tests of this process.

    Its template and the index of its locks stay from test to test: to make and remove them for
    each took longer than most tests.
    """
    name = f"journey-{uuid.uuid4().hex[:12]}"
    yield name
    elasticsearch_server.remove(name)


@pytest.fixture
def _on_a_server(
    elasticsearch_server: Any,
    _name_on_the_server: str,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """The engine is a server's and nothing stands in for it, so that it must have answered.

    A visit waits for it as long as a busy machine takes: time limits have tests of their own.
    """
    from search.engines import roles  # noqa: PLC0415
    from search.engines.elasticsearch import engine, installed  # noqa: PLC0415

    settings.HUB_SEARCH_ENGINE = _SERVER
    settings.HUB_ELASTICSEARCH_URL = list(elasticsearch_server.urls)
    settings.HUB_ELASTICSEARCH_INDEX = _name_on_the_server
    settings.HUB_ELASTICSEARCH_REPLICAS = 0
    monkeypatch.setattr(roles, "is_server", lambda engine: False)
    given = installed.configured
    monkeypatch.setattr(installed, "configured", lambda: replace(given(), seconds_a_visit=30))
    monkeypatch.setattr(engine, "_SECONDS_FOR_WORDS", 30)
    installed._engine.cache_clear()  # an engine believes for a while what it read
    yield
    elasticsearch_server.remove(f"{_name_on_the_server}-")
