"""Makes each engine empty and by itself, as the contract asks for it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.protocol import Engine
from tests.engines import corpus

GIVEN = "HUB_TEST_ELASTICSEARCH_URL"
NO_SERVER = f"There is no Elasticsearch: set {GIVEN}."


def urls(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The addresses of the test server; skips, or fails where services are required."""
    try:
        given = request.getfixturevalue("elasticsearch_server").url
    except pytest.FixtureLookupError:
        given = os.environ.get(GIVEN, "")
    if not given and os.environ.get("HUB_REQUIRE_SERVICES") == "1":
        pytest.fail(NO_SERVER)
    if not given:
        pytest.skip(NO_SERVER)
    return tuple(given.split(","))


@contextmanager
def apart(request: pytest.FixtureRequest, **options: Any) -> Iterator[Address]:
    """An address with names of its own, whose indices are removed in the end.

    A test that looks at no time-out is patient: the machine may have others to run.
    """
    name = f"test-{uuid.uuid4().hex[:12]}"
    address = Address(urls(request), index=name, replicas=0, seconds_a_visit=30.0, **options)
    try:
        yield address
    finally:
        remove(address)


def remove(address: Address) -> None:
    """Remove all that an engine of this address has made on the server."""
    client = Elasticsearch(list(address.urls), request_timeout=30)
    patterns = f"{address.index}-*,{address.index}.locks"
    for index in client.indices.get(
        index=patterns, expand_wildcards="all", ignore_unavailable=True
    ):
        client.indices.delete(index=index, ignore_unavailable=True)
    client.options(ignore_status=404).indices.delete_index_template(name=address.index)
    client.close()


def embedded(
    request: pytest.FixtureRequest, folder: Path, slots: Mapping[str, int] = corpus.SLOTS
) -> Engine:
    """An embedded engine in an empty folder."""
    return EmbeddedEngine(folder, slots)


def embedded_by_bitmaps(
    request: pytest.FixtureRequest, folder: Path, slots: Mapping[str, int] = corpus.SLOTS
) -> Engine:
    """An embedded engine that answers as it does of many documents, however few there are."""
    return EmbeddedEngine(folder, slots, fewest_documents=0, broad_share=1_000)


def elasticsearch(
    request: pytest.FixtureRequest, folder: Path, slots: Mapping[str, int] = corpus.SLOTS
) -> Engine:
    """An engine of the test server, removed with the fixture that asks for it."""
    session = apart(request)
    address = session.__enter__()
    request.addfinalizer(lambda: session.__exit__(None, None, None))
    return ElasticsearchEngine(address, slots)


# How each engine is made for a fixture; another engine adds a line, and a parameter below.
ENGINES: dict[str, Callable[..., Engine]] = {
    "elasticsearch": elasticsearch,
    "embedded": embedded,
    "embedded, by bitmaps": embedded_by_bitmaps,
}
# The same as parameters: a server takes its time, so it is not asked by the quick tests.
EACH = [pytest.param("elasticsearch", marks=pytest.mark.slow), "embedded"]
