"""Tells the engine that is set from the one that stands in for it, on this machine."""

from __future__ import annotations

import sys

from search.engines import selection
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.protocol import Engine

# What an engine knows of its state is never as far as this, so that it has to look again.
LOOK_AGAIN = sys.maxsize


def is_server(engine: Engine) -> bool:
    """Whether the engine's index is on a server, which can fail while this machine is well."""
    return engine.name != EmbeddedEngine.name


def has_stand_in() -> bool:
    """Whether the engine that is set is a server, for which this machine's index stands in."""
    return is_server(selection.current_engine())


def is_stand_in(engine: Engine) -> bool:
    """Whether the engine answers only while a server cannot."""
    return not is_server(engine) and has_stand_in()


def engines() -> list[Engine]:
    """The engines that this machine keeps current: the one that is set, then the stand-in."""
    set_one: Engine = selection.current_engine()
    return [set_one, selection.embedded_engine()] if is_server(set_one) else [set_one]
