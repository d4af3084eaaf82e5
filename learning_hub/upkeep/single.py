"""Lets one upgrade or restore of a site run at a time, on however many machines."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from learning_hub.upkeep.refusal import Refused

# Any number that nothing else on this database locks.
_ADVISORY = 4_815_162_342
_EVERY = 0.5  # seconds


@contextmanager
def alone(tell: Callable[[str], None], timeout: float = 3600.0) -> Iterator[None]:
    """Hold the lock, waiting for whoever has it; a process that dies lets go of it.

    Machines that share a PostgreSQL database share the lock; with SQLite it is a file beside the
    database. Raises Refused after `timeout` seconds.
    """
    held = _advisory() if connection.vendor == "postgresql" else _file()
    with held as take:
        until, told = time.monotonic() + timeout, False
        while not take():
            if not told:
                tell("Another upgrade or restore is running; waiting for it.")
                told = True
            if time.monotonic() > until:
                raise Refused("Another upgrade or restore is still running; try again later.")
            time.sleep(_EVERY)
        yield


@contextmanager
def _advisory() -> Iterator[Callable[[], bool]]:
    """On a connection of its own, so that closing the site's does not let go."""
    mine = connections.create_connection("default")

    def take() -> bool:
        with mine.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY])
            return bool(cursor.fetchone()[0])

    try:
        yield take
    finally:
        with mine.cursor() as cursor:  # a pool would keep the connection, and the lock with it
            cursor.execute("SELECT pg_advisory_unlock_all()")
        mine.close()


@contextmanager
def _file() -> Iterator[Callable[[], bool]]:
    with (Path(settings.VAR_DIR) / "upkeep.lock").open("w") as file:

        def take() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield take
