"""The time that one visit may spend on a server: once it is spent, no other question is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import ParamSpec, TypeVar

from search.engines.protocol import (
    Answer,
    Engine,
    EngineUnavailable,
    IndexBuilder,
    IndexState,
    IndexWriter,
    Match,
)
from search.plan import Plan

# A question may be begun within this time. It takes a second at most, so that together with the
# stand-in's answer the first visitor after a fault waits less than a second and a half.
SECONDS = 0.4
Given = ParamSpec("Given")
Got = TypeVar("Got")


class TooSlow(EngineUnavailable):
    """The server answers, but has taken the time that one visit may take."""


class Budget:
    """What one visit has spent so far."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._spent = 0.0

    @property
    def is_spent(self) -> bool:
        """Whether no other question may be begun."""
        return self._spent >= self._seconds

    def spend(self, seconds: float) -> None:
        """Note how long a question took."""
        self._spent += seconds

    def require(self) -> None:
        """Raise TooSlow where nothing is left."""
        if self.is_spent:
            raise TooSlow(f"It took {self._spent:.2f} seconds of one visit.")


class WithinBudget:
    """An engine that answers only while there is time left. What writes is not limited here."""

    def __init__(self, engine: Engine, budget: Budget) -> None:
        self._engine = engine
        self._budget = budget
        self.name = engine.name

    def state(self, at_least: int = 0) -> IndexState:
        """See Engine."""
        return self._timed(self._engine.state, at_least)

    def search(self, plan: Plan) -> Answer:
        """See Engine."""
        return self._timed(self._engine.search, plan)

    def count(self, plan: Plan) -> int:
        """See Engine."""
        return self._timed(self._engine.count, plan)

    def known(self, tokens: Iterable[str]) -> frozenset[str]:
        """See Engine."""
        return self._timed(self._engine.known, tokens)

    def words(self, prefix: str) -> Mapping[str, int]:
        """See Engine."""
        return self._timed(self._engine.words, prefix)

    def titled(self, words: Sequence[str], plan: Plan) -> tuple[Match, ...]:
        """See Engine."""
        return self._timed(self._engine.titled, words, plan)

    def values(
        self, facets: Sequence[str], kinds: tuple[str, ...], audience: tuple[str, ...]
    ) -> Mapping[str, Mapping[str, int]]:
        """See Engine."""
        return self._timed(self._engine.values, facets, kinds, audience)

    def document(self, id: int) -> Match | None:
        """See Engine."""
        return self._timed(self._engine.document, id)

    def digests(self) -> Mapping[int, int]:
        """See Engine."""
        return self._timed(self._engine.digests)

    def writing(self, timeout: float) -> AbstractContextManager[IndexWriter]:
        """See Engine."""
        self._budget.require()
        return self._engine.writing(timeout)

    def rebuilding(self) -> AbstractContextManager[IndexBuilder]:
        """See Engine."""
        return self._engine.rebuilding()

    def whereabouts(self) -> Mapping[str, str]:
        """See Engine."""
        return self._engine.whereabouts()

    def _timed(
        self, question: Callable[Given, Got], *args: Given.args, **kwargs: Given.kwargs
    ) -> Got:
        self._budget.require()
        begun = time.perf_counter()
        try:
            return question(*args, **kwargs)
        finally:
            self._budget.spend(time.perf_counter() - begun)
