"""Copies a SQLite database out while it is written to, and back in one transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from learning_hub.upkeep.refusal import Refused

Progress = Callable[[int, int], None]
_PAGES = 4096  # at a time
_SECONDS_FOR_WRITERS = 60


def copy_out(database: Path, target: Path, progress: Progress) -> None:
    """Copy the database as it is now into a new file, whatever is written meanwhile.

    The copy is made within one read of the source, so writers go on and no step starts over.
    Raises Refused. `progress` is told how many of how many pages are done.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_existing(database)) as source, closing(sqlite3.connect(target)) as copy:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=_PAGES, progress=_told(progress))
            copy.execute("PRAGMA journal_mode=DELETE")
            require_sound(copy)
    except sqlite3.Error as problem:
        raise Refused(f"{database} cannot be copied: {problem}.") from None
    with target.open("rb") as file:
        os.fsync(file.fileno())


def copy_in(staged: Path, database: Path, progress: Progress) -> None:
    """Make the database equal to the staged file, in one transaction of its own.

    Processes that have it open see the old content or the new. Killed at any moment, the old
    stays. A damaged database is put aside first, under another name. Raises Refused.
    """
    _put_aside_where_damaged(database)
    try:
        with (
            closing(sqlite3.connect(staged)) as source,
            closing(sqlite3.connect(database, timeout=_SECONDS_FOR_WRITERS)) as target,
        ):
            target.execute("PRAGMA synchronous=FULL")
            source.backup(target, pages=_PAGES, progress=_told(progress))
    except sqlite3.Error as problem:
        raise Refused(f"{database} cannot be written: {problem}; it is as it was.") from None


def rows(database: Path) -> Callable[[str], Iterable[tuple[object, ...]]]:
    """Answers queries on a file."""

    def ask(query: str) -> list[tuple[object, ...]]:
        with closing(_existing(database)) as connection:
            return connection.execute(query).fetchall()

    return ask


def require_sound(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where a database is damaged."""
    [(told,), *_] = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if told != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {told}")


def is_damaged(database: Path) -> bool:
    """Whether there is a file that cannot be read as a database."""
    if not database.exists():
        return False
    try:
        with closing(_existing(database)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            require_sound(connection)
    except sqlite3.DatabaseError as problem:
        return not isinstance(problem, sqlite3.OperationalError)
    return False


def _put_aside_where_damaged(database: Path) -> None:
    if is_damaged(database):
        for suffix in ("-wal", "-shm", ""):
            path = database.with_name(database.name + suffix)
            if path.exists():
                path.replace(database.with_name(f"damaged-{database.name}{suffix}"))


def _existing(database: Path) -> sqlite3.Connection:
    uri = f"{database.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=_SECONDS_FOR_WRITERS)


def _told(progress: Progress) -> Callable[[int, int, int], None]:
    return lambda status, remaining, total: progress(total - remaining, total)
