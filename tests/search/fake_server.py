"""A search server that can be made to fail: an embedded index in a folder of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from search import registry
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.protocol import EngineUnavailable, IndexUnusable

QUESTIONS = ("state", "search", "count", "known", "words", "titled", "values", "document")
TIMEOUT = 1.0


class FakeServer:
    """Answers as the embedded engine does, until `fault` says how it fails.

    "refused" fails at once, "black hole" after a time-out, "slow" answers just within it, "stale"
    and "missing" have no index of this database. `asked` holds the threads that asked.
    """

    name = "server"

    def __init__(self, folder: Path) -> None:
        self._engine = EmbeddedEngine(folder, registry.slots())
        self.fault = ""
        self.asked: list[str] = []
        for question in QUESTIONS:
            setattr(self, question, self._question(getattr(self._engine, question)))

    def _question(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*args: Any, **kwargs: Any) -> Any:
            self.asked.append(threading.current_thread().name)
            self._fail()
            return answer(*args, **kwargs)

        return ask

    def _fail(self) -> None:
        if self.fault == "refused":
            raise EngineUnavailable("The connection was refused.")
        if self.fault == "black hole":
            time.sleep(TIMEOUT)
            raise EngineUnavailable("There was no answer within 1 second.")
        if self.fault == "slow":
            time.sleep(TIMEOUT * 0.9)
        if self.fault == "missing":
            raise IndexUnusable("There is no alias “hub”.")

    def writing(self, timeout: float) -> Any:
        """See Engine."""
        self._fail()
        return self._engine.writing(timeout)

    def rebuilding(self) -> Any:
        """See Engine."""
        if self.fault == "missing":
            self.fault = ""
        self._fail()
        return self._engine.rebuilding()

    def digests(self) -> Any:
        """See Engine."""
        return self._engine.digests()

    def whereabouts(self) -> dict[str, str]:
        """See Engine."""
        return {"nodes": "1"}

    def become_stale(self) -> None:
        """Hold the index of another database."""
        with self._engine.writing(1) as writer:
            writer.commit(writer.state.sequence, "another history")
