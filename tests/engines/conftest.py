"""Fixtures of the tests that need a search server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from tests.engines import corpus, makers


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[Address]:
    """Names of one test's own on the test server."""
    with makers.apart(request) as address:
        yield address


@pytest.fixture
def engine(address: Address) -> ElasticsearchEngine:
    """An engine without an index yet."""
    return ElasticsearchEngine(address, corpus.SLOTS)
