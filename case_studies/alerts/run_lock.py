"""Lets one process at a time prepare and send digests; a killed one lets go by dying.

SQLite lives on one machine, so there it is a lock on a file beside the database. On PostgreSQL it
is a lock of the session; behind a pooler that shares sessions, give this command a direct address.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from django.db import connection

# Any number that nothing else in this database takes.
_NUMBER = 0x416C6572


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether this process may go on; False while another does."""
    if connection.vendor == "postgresql":
        with _of_the_session() as is_ours:
            yield is_ours
    elif cast(Any, connection).is_in_memory_db():
        yield True  # no other process can have this database
    else:
        with _on_a_file(Path(f"{connection.settings_dict['NAME']}.alerts-lock")) as is_ours:
            yield is_ours


@contextmanager
def _of_the_session() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_NUMBER])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_NUMBER])


@contextmanager
def _on_a_file(path: Path) -> Iterator[bool]:
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True  # closing the file lets go
