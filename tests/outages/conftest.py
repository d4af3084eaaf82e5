"""Sites whose search engine is on a server that can be made to fail."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.durability.server import Server
from tests.outages.served import ServedLibrary, library
from tests.plugins.elasticsearch import ElasticsearchAddress
from tests.plugins.one_place import keep_in_one_place
from tests.servers.fault_proxy import FaultProxy

STUDIES, MANY_STUDIES = 300, 20_000


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
def served_library(
    proxy: FaultProxy,
    elasticsearch_server: ElasticsearchAddress,
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ServedLibrary]:
    """A few hundred studies, indexed on the server and on this machine."""
    folder = tmp_path_factory.mktemp("served") / f"few-{uuid.uuid4().hex[:8]}"
    yield from _filled(library(folder, migrated, proxy, elasticsearch_server), STUDIES)


@pytest.fixture(scope="module")
def large_library(
    proxy: FaultProxy,
    elasticsearch_server: ElasticsearchAddress,
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[ServedLibrary]:
    """Twenty thousand studies, indexed on the server and on this machine."""
    folder = tmp_path_factory.mktemp("served") / f"many-{uuid.uuid4().hex[:8]}"
    yield from _filled(library(folder, migrated, proxy, elasticsearch_server), MANY_STUDIES)


@pytest.fixture(scope="module")
def served(served_library: ServedLibrary) -> Iterator[Server]:
    """The few studies on one web process: each has a breaker of its own."""
    with _serving(served_library) as server:
        yield server


@pytest.fixture(scope="module")
def served_large(large_library: ServedLibrary) -> Iterator[Server]:
    """The many studies on one web process."""
    with _serving(large_library) as server:
        yield server


def _filled(made: ServedLibrary, studies: int) -> Iterator[ServedLibrary]:
    questions = json.loads(made.site.run("tests.outages.stage", str(studies)))
    yield replace(made, questions=tuple(questions))
    made.elasticsearch.remove(made.index)


@contextmanager
def _serving(made: ServedLibrary) -> Iterator[Server]:
    server = Server(made.site, workers=1, threads=8)
    server.start()
    try:
        yield server
    finally:
        server.stop()
