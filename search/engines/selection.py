"""Chooses the engine that this installation is set to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from search import registry
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.protocol import Engine, SearchMisconfigured, SearchUnreachable

__all__ = [
    "SearchMisconfigured",
    "SearchUnreachable",
    "current_engine",
    "embedded_engine",
    "engine_apart",
    "load",
    "preflight",
]
_Slots = tuple[tuple[str, int], ...]
# By name: its client is a fifth of the time that a command takes to start.
_SERVER = "search.engines.elasticsearch.installed"


def load() -> None:
    """Import the engine of the settings now, before processes are forked and visitors wait."""
    if _is_on_a_server():
        _server()


def current_engine() -> Engine:
    """The engine of the settings; the same object for as long as they and the facets stay."""
    if _is_on_a_server():
        engine: Engine = _server().engine(_slots())
        return engine
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
        _server().preflight(_slots(), is_rebuilding=is_rebuilding)


@contextmanager
def engine_apart() -> Iterator[Engine]:
    """An engine of the kind of the settings that keeps what it holds apart, until it is done."""
    if _is_on_a_server():
        with _server().engine_apart() as engine:
            yield engine
        return
    with TemporaryDirectory(prefix="search-apart-") as folder:
        yield EmbeddedEngine(Path(folder), registry.slots())


def _is_on_a_server() -> bool:
    return settings.HUB_SEARCH_ENGINE == "elasticsearch"


def _server() -> Any:
    return import_module(_SERVER)


def _slots() -> _Slots:
    return tuple(sorted(registry.slots().items()))


@lru_cache(maxsize=8)
def _embedded(root: Path, slots: _Slots) -> EmbeddedEngine:
    return EmbeddedEngine(root, dict(slots))
