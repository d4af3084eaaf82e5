"""Chooses the engine that this installation is set to."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from search import registry
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.protocol import Engine


def current_engine() -> Engine:
    """The engine of the settings; the same object for as long as they and the facets stay."""
    return embedded_engine()


def embedded_engine() -> EmbeddedEngine:
    """This machine's embedded engine: the one that answers, or stands in for a server."""
    slots = tuple(sorted(registry.slots().items()))
    return _embedded(Path(settings.HUB_SEARCH_INDEX_DIR), slots)


def engine_in(folder: Path) -> Engine:
    """An engine of the kind of the settings that keeps what it holds apart, in `folder`."""
    return EmbeddedEngine(folder, registry.slots())


@lru_cache(maxsize=8)
def _embedded(root: Path, slots: tuple[tuple[str, int], ...]) -> EmbeddedEngine:
    return EmbeddedEngine(root, dict(slots))
