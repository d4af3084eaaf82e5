"""Puts the migrated database back after a test that commits, instead of emptying it.

Emptying takes away what migrations plant, and planting it again is most of such a test's time.
Put back, the database is as the first test found it: rows and sequences, under their guards.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from django.db import connections, transaction
from django.test import TransactionTestCase

PATIENCE = 5  # seconds that a request of the live server may take to end


class Kept(Protocol):
    """What a database was like when this was made of it."""

    def put_back(self) -> None:
        """Make it so again."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Remember what the database is like before the first test, and go back there."""
    # With these, Django would write again what was never taken away.
    vars(connections["default"]).pop("_test_serialized_contents", None)
    with django_db_blocker.unblock():
        kept = _KINDS[connections["default"].vendor]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: kept.put_back())
        yield


class KeptFile:
    """A copy of a SQLite database, in memory."""

    def __init__(self) -> None:
        self._copy = sqlite3.connect(":memory:", check_same_thread=False)
        connections["default"].ensure_connection()
        connections["default"].connection.backup(self._copy)

    def put_back(self) -> None:
        """Copy it back, once nobody reads any more."""
        connections["default"].ensure_connection()
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._copy.backup(connections["default"].connection)
                return
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)


class KeptTables:
    """The rows of each table of PostgreSQL that has any, and where its sequences were.

    Only tables that differ are written: emptying all of them would take a second.
    """

    def __init__(self) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace ORDER BY 1"
            )
            self._tables = [name for (name,) in cursor.fetchall()]
            # A sum, so that the order of rows does not count.
            self._fingerprints = " UNION ALL ".join(
                f"SELECT '{name}', count(*), sum(hashtextextended(row::text, 0)) FROM {name} row"
                for name in self._tables
            )
            self._found = self._look(cursor)
            self._sequences = self._numbers(cursor)
            self._rows = {name: _copied(cursor, name) for name, count, _ in self._found if count}

    def put_back(self) -> None:
        """Write again the tables that differ. The tests' own role may pass over their guards."""
        with transaction.atomic(), connections["default"].cursor() as cursor:
            _end_transactions_of_others(cursor)
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name, *_ in self._look(cursor) - self._found:
                cursor.execute(f"DELETE FROM {name}")
                if name in self._rows:
                    with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                        copy.write(self._rows[name])
            for name, _ in self._numbers(cursor) - self._sequences:
                before = dict(self._sequences)[name]
                cursor.execute("SELECT setval(%s, %s, %s)", [name, before or 1, before is not None])

    def _look(self, cursor: Any) -> set[tuple[Any, ...]]:
        cursor.execute(self._fingerprints)
        return set(cursor.fetchall())

    def _numbers(self, cursor: Any) -> set[tuple[Any, ...]]:
        cursor.execute(
            "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
            " WHERE schemaname = 'public'"
        )
        return set(cursor.fetchall())


def _copied(cursor: Any, table: str) -> bytes:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy)


def _end_transactions_of_others(cursor: Any) -> None:
    """A thread that a test left behind must not hold a lock."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity WHERE state <> 'idle'"
        " AND datname = current_database() AND pid <> pg_backend_pid()",
        [PATIENCE * 1000],
    )


_KINDS: dict[str, type[KeptFile] | type[KeptTables]] = {
    "sqlite": KeptFile,
    "postgresql": KeptTables,
}
