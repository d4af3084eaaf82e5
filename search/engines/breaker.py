"""A circuit breaker: after a fault no visitor asks the server until a probe has found it well."""

from __future__ import annotations

import logging
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock
from weakref import WeakSet

from django.utils import timezone

from search.engines.errand import Errand

logger = logging.getLogger(__name__)
# Seconds before each probe; the last goes on for ever, so that a server is in use again soon
# after it is back.
PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
_JITTER = 0.2  # so that the processes of a site do not all probe at once
_SECONDS_UNTIL_TRUSTED = 60.0
Watcher = Callable[[bool], None]


@dataclass(frozen=True)
class Fault:
    """Why the breaker is open: `cause` is one of few words, `sentence` is for administrators."""

    cause: str
    sentence: str
    since: datetime


class CircuitBreaker:
    """Open or closed, for all threads of one process. Only its own probe closes it.

    `probe` raises where the server is not well yet. It runs in a thread that begins when the
    breaker opens, or, after a fork, when a visitor next asks.
    """

    def __init__(
        self,
        probe: Callable[[], None],
        *,
        watcher: Watcher = lambda is_open: None,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._probe = probe
        self._watcher = watcher
        self._pauses = pauses
        self._lock = Lock()
        self._given_up = Event()
        self._fault: Fault | None = None
        self._times_opened = 0
        self._first_pause = 0
        self._closed_at = -_SECONDS_UNTIL_TRUSTED
        self._probing = Errand("The search server's probe", self._probe_until_well)
        _breakers.add(self)

    @property
    def fault(self) -> Fault | None:
        """Why it is open; None where it is closed."""
        return self._fault

    @property
    def times_opened(self) -> int:
        """How often it opened so far: what a visitor notes before she asks the server."""
        return self._times_opened

    def lets_through(self) -> bool:
        """Whether visitors may ask the server. Never waits."""
        if self._fault is None:
            return True
        if not self._probing.is_running:
            self._probing.start(again=False)
        return False

    def open(self, cause: str, problem: object, *, asked_at: int | None = None) -> None:
        """Keep visitors from the server; said once in the log.

        `asked_at` is what `times_opened` was when the failing question began: where the breaker
        opened since, that failure is old news.
        """
        with self._lock:
            is_news = asked_at is None or asked_at == self._times_opened
            if self._fault is not None or not is_news:
                return
            self._times_opened += 1
            trusted = time.monotonic() - self._closed_at > _SECONDS_UNTIL_TRUSTED
            most = len(self._pauses) - 1
            self._first_pause = 0 if trusted else min(self._first_pause + 1, most)
            self._fault = Fault(cause, str(problem), timezone.now())
        self._watcher(True)
        logger.warning(
            "The search server cannot be used (%s): %s This machine's own index answers meanwhile.",
            cause,
            problem,
        )
        self._probing.start(again=False)

    def close(self) -> None:
        """Let visitors ask the server again; said once in the log."""
        with self._lock:
            fault, self._fault = self._fault, None
            self._closed_at = time.monotonic()
        if fault is not None:
            self._watcher(False)
            seconds = (timezone.now() - fault.since).total_seconds()
            logger.warning("The search server is in use again, after %.1f seconds.", seconds)

    def give_up(self) -> None:
        """Probe no more: the engine that it stood for is no longer the one that is set."""
        self._given_up.set()
        if self._fault is not None:
            self._watcher(False)

    def wait(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the probing to end; return whether it has."""
        return self._probing.wait(timeout)

    def after_fork(self) -> None:
        """Forget locks that a thread of the parent may have held."""
        self._lock = Lock()
        self._given_up = Event()

    def _probe_until_well(self) -> None:
        for pause in self._growing_pauses():
            if self._given_up.wait(pause) or self._fault is None:
                return
            try:
                self._probe()
            except Exception as problem:
                logger.debug("The search server is not well yet: %s", problem)
            else:
                self.close()
                return

    def _growing_pauses(self) -> Iterator[float]:
        at = self._first_pause
        while True:
            spread = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311
            yield self._pauses[min(at, len(self._pauses) - 1)] * spread
            at += 1


_breakers: WeakSet[CircuitBreaker] = WeakSet()


def _after_fork_in_child() -> None:
    for breaker in list(_breakers):
        breaker.after_fork()


os.register_at_fork(after_in_child=_after_fork_in_child)
