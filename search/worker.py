"""The loop of a worker: keeps every index of this machine equal to the database, whatever fails."""

from __future__ import annotations

import logging
import time
from threading import Event

from django.db import close_old_connections

from search import sync
from search.engines import roles
from search.engines.protocol import Engine, EngineUnavailable, IndexUnusable, WriterBusy

logger = logging.getLogger(__name__)
SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_FOR_A_WRITER = 5.0
_LONGEST_PAUSE = 15.0
_LONGEST_PAUSE_OF_REBUILDS = 600.0
_EVERY_PAGES = 5_000


class _Stopped(Exception):
    """We were asked to end in the middle of a rebuild."""


class Keeper:
    """Keeps one index current. After a fault it waits, longer each time, and says so once."""

    def __init__(self, engine: Engine, stop: Event) -> None:
        self.engine = engine
        self._stop = stop
        self._faults = 0
        self._rebuilds = 0
        self._next_look = 0.0
        self._next_rebuild = 0.0

    def look(self) -> None:
        """Take in what the journal holds, or make the index where there is none; never raises."""
        if time.monotonic() < self._next_look:
            return
        try:
            self._keep()
        except _Stopped:
            self._say("The new index is given up, since the worker ends.")
        except WriterBusy:
            self._say("Another process writes to the index.", logging.DEBUG)
        except EngineUnavailable as problem:
            self._wait(f"It cannot be used: {problem}")
        except Exception as problem:
            self._wait(f"It could not be brought up to date: {problem!r}")
        else:
            if self._faults:
                self._say("It is used again.")
            self._faults = 0

    def _keep(self) -> None:
        try:
            taken_in = sync.catch_up_wholly(
                self.engine,
                timeout=_SECONDS_FOR_A_WRITER,
                goes_on=lambda: not self._stop.is_set(),
            )
        except IndexUnusable as problem:
            self._rebuild(problem)
        else:
            self._rebuilds = 0
            if taken_in:
                self._say(f"{taken_in:,} changed pages taken in.")

    def _rebuild(self, problem: IndexUnusable) -> None:
        """Make the index anew; less and less often where it does not stay whole."""
        if time.monotonic() < self._next_rebuild:
            return
        self._rebuilds += 1
        pause = 2.0**self._rebuilds if self._rebuilds > 1 else 0.0
        self._next_rebuild = time.monotonic() + min(pause, _LONGEST_PAUSE_OF_REBUILDS)
        self._say(f"{problem} It is made anew.")
        begun = time.monotonic()
        made = sync.rebuild(self.engine, progress=self._tell)
        self._say(f"{made:,} documents, made in {time.monotonic() - begun:.1f} seconds.")

    def _tell(self, read: int, pages: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        if read % _EVERY_PAGES == 0:
            self._say(f"{read:,} of {pages:,} pages read.")

    def _wait(self, sentence: str) -> None:
        self._faults += 1
        pause = min(2.0 ** (self._faults - 1), _LONGEST_PAUSE)
        self._next_look = time.monotonic() + pause
        if self._faults == 1:
            self._say(sentence, logging.WARNING)
        else:
            self._say(sentence, logging.DEBUG)

    def _say(self, sentence: str, level: int = logging.INFO) -> None:
        logger.log(level, "%s: %s", self.engine.name, sentence)


class Worker:
    """Looks at every index of this machine, again and again, until it is stopped."""

    def __init__(self, pause: float = SECONDS_BETWEEN_LOOKS) -> None:
        self._pause = pause
        self._stop = Event()
        self._keepers: dict[int, Keeper] = {}

    def stop(self) -> None:
        """End after what is being done now; a rebuild is given up. Safe in a signal's handler."""
        self._stop.set()

    def run(self) -> None:
        """Go on until `stop`."""
        while not self._stop.is_set():
            self.look()
            self._stop.wait(self._pause)

    def look(self) -> None:
        """Look at each index once."""
        close_old_connections()
        for engine in roles.engines():
            if self._stop.is_set():
                return
            keeper = self._keepers.setdefault(id(engine), Keeper(engine, self._stop))
            keeper.look()
