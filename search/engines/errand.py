"""Runs a job in the background of this process: one at a time, begun when it is asked for."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from threading import Lock, Thread
from weakref import WeakSet

from django.db import connections

logger = logging.getLogger(__name__)


class Errand:
    """A job of this process. Nothing runs before `start`, so a fork takes no thread along."""

    def __init__(self, name: str, job: Callable[[], None]) -> None:
        self._name = name
        self._job = job
        self._lock = Lock()
        self._thread: Thread | None = None
        self._is_busy = False
        self._again = False
        _errands.add(self)

    @property
    def is_running(self) -> bool:
        """Whether the job runs in this process just now."""
        return self._is_busy and self._thread is not None and self._thread.is_alive()

    def start(self, *, again: bool = True) -> None:
        """Run the job soon; where it is running already, once more after it if `again`."""
        with self._lock:
            if self.is_running:
                self._again = self._again or again
                return
            self._again, self._is_busy = False, True
            self._thread = Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def wait(self, timeout: float) -> bool:
        """Wait for the job to end, at most `timeout` seconds; return whether it has."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return not self.is_running

    def _run(self) -> None:
        try:
            while True:
                try:
                    self._job()
                except Exception:
                    logger.exception("%s could not be finished.", self._name)
                with self._lock:
                    if not self._again:
                        self._is_busy = False
                        return
                    self._again = False
        finally:
            # A thread has connections of its own, which nobody else would close.
            connections.close_all()

    def after_fork(self) -> None:
        """Forget the parent's thread, and a lock that it may have held."""
        self._lock = Lock()
        self._thread = None
        self._again = False


_errands: WeakSet[Errand] = WeakSet()


def _after_fork_in_child() -> None:
    for errand in list(_errands):
        errand.after_fork()


os.register_at_fork(after_in_child=_after_fork_in_child)
