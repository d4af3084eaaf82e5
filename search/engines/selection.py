"""Chooses the engine that this installation is set to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from search import registry
from search.engines.elasticsearch.connection import Address, configured
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.generations import remove_all
from search.engines.elasticsearch.preflight import (
    SearchMisconfigured,
    SearchUnreachable,
)
from search.engines.elasticsearch.preflight import preflight as elasticsearch_preflight
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.protocol import Engine

__all__ = [
    "SearchMisconfigured",
    "SearchUnreachable",
    "current_engine",
    "embedded_engine",
    "engine_apart",
    "preflight",
]
_Slots = tuple[tuple[str, int], ...]


def current_engine() -> Engine:
    """The engine of the settings; the same object for as long as they and the facets stay."""
    if _is_on_a_server():
        return _elasticsearch(configured(), _slots())
    return embedded_engine()


def embedded_engine() -> EmbeddedEngine:
    """This machine's embedded engine, whichever engine is set."""
    return _embedded(Path(settings.HUB_SEARCH_INDEX_DIR), _slots())


def preflight(*, is_rebuilding: bool = False) -> None:
    """Make sure that the engine of the settings can be used as they say.

    Raises SearchMisconfigured with one line that says what to do; its kind SearchUnreachable
    where a server may only be down. Before a rebuild, an index that a rebuild mends will do.
    """
    if _is_on_a_server():
        elasticsearch_preflight(configured(), dict(_slots()), is_rebuilding=is_rebuilding)


@contextmanager
def engine_apart() -> Iterator[Engine]:
    """An engine of the kind of the settings that keeps what it holds apart, until it is done."""
    if _is_on_a_server():
        here = configured()
        address = replace(here, index=f"{here.index[:50]}-apart-{uuid.uuid4().hex[:12]}")
        try:
            yield ElasticsearchEngine(address, registry.slots(), registry.vocabulary_sizes)
        finally:
            remove_all(address)
        return
    with TemporaryDirectory(prefix="search-apart-") as folder:
        yield EmbeddedEngine(Path(folder), registry.slots())


def _is_on_a_server() -> bool:
    return settings.HUB_SEARCH_ENGINE == "elasticsearch"


def _slots() -> _Slots:
    return tuple(sorted(registry.slots().items()))


@lru_cache(maxsize=8)
def _embedded(root: Path, slots: _Slots) -> EmbeddedEngine:
    return EmbeddedEngine(root, dict(slots))


@lru_cache(maxsize=8)
def _elasticsearch(address: Address, slots: _Slots) -> ElasticsearchEngine:
    return ElasticsearchEngine(address, dict(slots), registry.vocabulary_sizes)
