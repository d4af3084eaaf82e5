"""Puts a SQLite database's rows into PostgreSQL, for a site that has outgrown one file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections

from learning_hub.upkeep import postgres_copy, site_state, sqlite_copy
from learning_hub.upkeep.one_line import one_line
from learning_hub.upkeep.refusal import Refused

Progress = Callable[[int, int], None]
# Wagtail's own index, whose form differs by database; it is made anew from the rest.
_DERIVED = "wagtailsearch_indexentry"
_ROWS_AT_A_TIME = 1000
_COLUMNS = """
SELECT relname::text, array_agg(attname::text ORDER BY attname::text) FROM pg_class
  JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = attrelid AND deptype = 'e') GROUP BY relname
"""
_NUMBERED = """
SELECT relname::text, attname::text, pg_get_serial_sequence(attrelid::regclass::text, attname)
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attidentity <> ''
"""


def require_same_version(migrations: Mapping[str, list[str]]) -> None:
    """Make the tables where there are none. Raises Refused where they are not the backup's."""
    if not site_state.tables(postgres_copy.ask):
        call_command("migrate", verbosity=0, interactive=False)
    if site_state.migrations(postgres_copy.ask) != dict(migrations):
        raise Refused(
            "the backup's version is not that of this database; upgrade both sites, "
            "and make a new backup"
        )


def copy_in(file: Path, expected: Mapping[str, int], afterwards: str, progress: Progress) -> None:
    """Replace every row of PostgreSQL's tables by the file's, in one transaction.

    Raises Refused, or DatabaseError where rows break a rule that SQLite did not keep.
    Compares each table's number of rows with `expected` and runs the SQL `afterwards` before the
    end; whatever fails, or a kill at any moment, leaves the database as it was. `progress` is told
    how many of how many rows are done.
    """
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
        sqlite_copy.require_sound(source)
        wanted = {table: count for table, count in expected.items() if _is_copied(table)}
        with _one_transaction() as target:
            target.execute(postgres_copy.LOCK_EVERYTHING)
            target.execute(_COLUMNS)
            columns = dict(target.fetchall())
            _require_same_tables(source, wanted, columns)
            _empty(target, sorted(columns))
            done, total = 0, sum(wanted.values())
            for table in wanted:
                for count in _copy(source, target, table, columns[table]):
                    done += count
                    progress(done, total)
            _go_on_counting(target)
            target.execute(postgres_copy.counted(wanted))
            target.execute(afterwards)
            target.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _is_copied(table: str) -> bool:
    return table != _DERIVED and not table.startswith(f"{_DERIVED}_fts")


@contextmanager
def _one_transaction() -> Iterator[Any]:
    """A cursor on a connection of its own, which a pool does not share."""
    mine = connections.create_connection("default")
    try:
        mine.set_autocommit(False)
        with mine.wrap_database_errors, mine.cursor() as cursor:
            cursor.execute(postgres_copy.WAIT_A_MINUTE)
            # SQLite holds times in UTC without saying so; and a large table takes its time.
            cursor.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL statement_timeout = 0")
            yield cursor
        mine.commit()
    finally:
        mine.close()


def _require_same_tables(
    source: sqlite3.Connection, wanted: Mapping[str, int], columns: Mapping[str, list[str]]
) -> None:
    for table in wanted:
        named = source.execute(f"SELECT name FROM pragma_table_info('{table}')")  # noqa: S608
        if columns.get(table) != sorted(name for (name,) in named):
            raise Refused(f"the table {table} is not in both databases, or not with one form")


def _empty(target: Any, tables: list[str]) -> None:
    """Records are append-only, so their guards are put aside for as long as it takes."""
    named = [f'public."{table}"' for table in tables]
    for table in named:
        target.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    target.execute(f"TRUNCATE {', '.join(named)}")
    for table in named:
        target.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _copy(source: sqlite3.Connection, target: Any, table: str, columns: list[str]) -> Iterator[int]:
    """Copy a table; yields numbers of rows.

    PostgreSQL reads each value as its column's type: a boolean from 0 or 1, a UUID, a time or
    JSON from the text that SQLite has. Raises Refused where it takes a value for none.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    found = source.execute(f'SELECT {names} FROM "{table}"')  # noqa: S608
    try:
        with target.copy(f'COPY public."{table}" ({names}) FROM STDIN') as copy:
            while rows := found.fetchmany(_ROWS_AT_A_TIME):
                for row in rows:
                    copy.write_row(row)
                yield len(rows)
    except psycopg.Error as problem:
        raise Refused(f"the table {table} cannot be copied: {one_line(problem)}") from None


def _go_on_counting(target: Any) -> None:
    """Let each table's next row have a number that none has."""
    target.execute(_NUMBERED)
    for table, column, sequence in target.fetchall():
        target.execute(
            f'SELECT setval(%s, coalesce(max("{column}"), 1), max("{column}") IS NOT NULL) '  # noqa: S608
            f'FROM public."{table}"',
            [sequence],
        )
