"""Sites whose search engine is on a server that can be made to fail."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.outages.served import ServedLibrary, library
from tests.plugins.elasticsearch import ElasticsearchAddress
from tests.plugins.one_place import keep_in_one_place
from tests.servers.fault_proxy import FaultProxy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests start processes of their own; one after another, in one place."""
    keep_in_one_place(items, __file__, "outages")


@pytest.fixture(scope="module")
def proxy(elasticsearch_server: ElasticsearchAddress) -> Iterator[FaultProxy]:
    """What stands between a site and its search server."""
    made = FaultProxy(elasticsearch_server.urls[0])
    yield made
    made.close()


@pytest.fixture
def faulty_site(
    settings: Any, proxy: FaultProxy, elasticsearch_server: ElasticsearchAddress, tmp_path: Path
) -> Iterator[FaultProxy]:
    """This process searches through a proxy, under an alias and with a stand-in of its own."""
    settings.HUB_SEARCH_ENGINE = "elasticsearch"
    settings.HUB_ELASTICSEARCH_URL = [proxy.url]
    settings.HUB_ELASTICSEARCH_INDEX = f"drift-{uuid.uuid4().hex[:12]}"
    settings.HUB_ELASTICSEARCH_REPLICAS = 0
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "search-index"
    yield proxy
    elasticsearch_server.remove(settings.HUB_ELASTICSEARCH_INDEX)


@pytest.fixture(scope="module")
def new_library(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., ServedLibrary]]:
    """`new_library(elasticsearch, seen_at, studies)`: see `tests.outages.served.library`."""
    with ExitStack() as made:

        def make(elasticsearch: ElasticsearchAddress, seen_at: str, studies: int) -> ServedLibrary:
            folder = tmp_path_factory.mktemp("library") / "site"
            return made.enter_context(library(folder, migrated, elasticsearch, seen_at, studies))

        yield make
