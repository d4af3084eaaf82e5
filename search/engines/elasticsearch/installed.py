"""The server of this installation: what the choice of an engine loads only where one is set."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

from search import registry
from search.engines.elasticsearch import preflight as looking
from search.engines.elasticsearch.connection import Address, configured
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.generations import remove_all
from search.engines.protocol import Engine

_Slots = tuple[tuple[str, int], ...]


def engine(slots: _Slots) -> Engine:
    """The engine of the settings; the same object for as long as they and the facets stay."""
    return _engine(configured(), slots)


@contextmanager
def engine_apart() -> Iterator[Engine]:
    """An engine on the server of the settings, with an index that is removed at the end."""
    here = configured()
    address = replace(here, index=f"{here.index[:50]}-apart-{uuid.uuid4().hex[:12]}")
    try:
        yield ElasticsearchEngine(address, registry.slots(), registry.vocabulary_sizes)
    finally:
        remove_all(address)


def preflight(slots: _Slots, *, is_rebuilding: bool) -> None:
    """Make sure that the server of the settings can be used as they say."""
    looking.preflight(configured(), dict(slots), is_rebuilding=is_rebuilding)


@lru_cache(maxsize=8)
def _engine(address: Address, slots: _Slots) -> ElasticsearchEngine:
    return ElasticsearchEngine(address, dict(slots), registry.vocabulary_sizes)
