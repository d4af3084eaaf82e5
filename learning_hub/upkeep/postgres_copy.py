"""Copies a PostgreSQL database out of one snapshot, and back in one transaction."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import DatabaseError, connections, transaction

from learning_hub.upkeep.manifest import CHUNK
from learning_hub.upkeep.refusal import Refused

Rows = Callable[[str], Iterable[tuple[object, ...]]]
# Settings of Django's that the programs know by a name in their environment.
_ENVIRONMENT = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "service")
# How psql begins a line about an error in what it is given.
_PLACE = re.compile(r"^psql:<stdin>:\d+: ERROR: +")
WAIT_A_MINUTE = "SET LOCAL lock_timeout = '60s';"
# All locks before the first change, or none: whoever reads many tables at once may hold one that
# we wait for, and wait for one that we hold. So we wait for a fraction of deadlock_timeout, after
# which the server would break one of us off, let go of everything, and ask again.
LOCK_EVERYTHING = """
DO $lock$ DECLARE
  tables text;
  in_all text := current_setting('lock_timeout');
  until timestamptz := clock_timestamp() + in_all::interval;
BEGIN
  PERFORM set_config('lock_timeout', '200ms', true);
  LOOP
    SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY c.oid) INTO tables FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e');
    EXIT WHEN tables IS NULL;
    BEGIN
      EXECUTE 'LOCK TABLE ' || tables || ' IN ACCESS EXCLUSIVE MODE';
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected OR undefined_table THEN
      IF clock_timestamp() > until THEN
        RAISE 'the database was in use for % without a pause; stop the site first', in_all;
      END IF;
      PERFORM pg_sleep(0.1);
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', in_all, true);
END $lock$;
"""
# Everything of ours goes: a newer version's tables too, which the backup does not know of.
_EMPTY = """
DO $empty$ DECLARE each record; BEGIN
  FOR each IN SELECT c.oid::regclass AS name, c.relkind AS kind FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relkind DESC
  LOOP
    EXECUTE CASE each.kind WHEN 'v' THEN 'DROP VIEW IF EXISTS ' WHEN 'm' THEN
      'DROP MATERIALIZED VIEW IF EXISTS ' ELSE 'DROP TABLE IF EXISTS ' END
      || each.name || ' CASCADE';
  END LOOP;
  FOR each IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || each.name || ' CASCADE'; END LOOP;
END $empty$;
"""


@dataclass(frozen=True)
class Snapshot:
    """One state of the database: its name for the programs, and a way to ask it."""

    name: str
    rows: Rows


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The database as it is now, for as long as the block lasts; it does not stop writers."""
    mine = connections.create_connection("default")
    try:
        mine.set_autocommit(False)
        with mine.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            name = str(cursor.fetchone()[0])

            def ask(query: str) -> list[tuple[object, ...]]:
                cursor.execute(query)
                return list(cursor.fetchall())

            yield Snapshot(name, ask)
        mine.rollback()
    finally:
        mine.close()


def copy_out(of: Snapshot, target: Path) -> None:
    """Write pg_dump's archive of the snapshot into a new file. Raises Refused."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _error_file() as errors:
        arguments = ["-Fc", "--no-owner", "--no-privileges", f"--snapshot={of.name}"]
        done = subprocess.run(  # noqa: S603 (a program of this machine)
            [_program("pg_dump"), *arguments, "--file", str(target)],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stderr=errors,
            check=False,
        )
        if done.returncode:
            raise Refused(f"pg_dump cannot copy the database: {_first_line(errors)}")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def require_readable(archive: Path) -> None:
    """Raise Refused where pg_restore does not understand the archive, or is not installed."""
    _program("psql")
    with _error_file() as errors:
        done = subprocess.run(  # noqa: S603 (a program of this machine)
            [_program("pg_restore"), "--list", str(archive)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            check=False,
        )
        if done.returncode:
            raise Refused(f"pg_restore cannot read the backup: {_first_line(errors)}")


def copy_in(archive: Path, expected: Mapping[str, int], afterwards: str) -> None:
    """Replace everything in the database by the archive, in one transaction. Raises Refused.

    Waits for those who use the database, and they for it. Compares each table's number of rows
    with `expected` and runs the SQL `afterwards` before the end; whatever fails, or a kill at any
    moment, leaves the database as it was.
    """
    with _error_file() as errors, _error_file() as reading_errors:
        psql = subprocess.Popen(  # noqa: S603
            [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            with suppress(BrokenPipeError):  # where it ends early it says why, see below
                _write(psql.stdin, f"BEGIN;{WAIT_A_MINUTE}{LOCK_EVERYTHING}{_EMPTY}")
                _feed(archive, psql.stdin, reading_errors)
                _write(psql.stdin, f"\n{counted(expected)}\n{afterwards}\nCOMMIT;\n")
        finally:  # without a COMMIT, the end of its input rolls the transaction back
            with suppress(BrokenPipeError):
                psql.communicate()
        if psql.returncode:
            raise Refused(_first_line(errors))


def _feed(archive: Path, into: Any, errors: IO[bytes]) -> None:
    """Write the archive as SQL. Raises Refused where it cannot be read to its end."""
    reader = subprocess.Popen(  # noqa: S603
        [_program("pg_restore"), "--no-owner", "--no-privileges", "-f", "-", str(archive)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
    )
    try:
        while chunk := _read(reader.stdout):
            into.write(chunk)
        if reader.wait():
            raise Refused(f"the backup cannot be read: {_first_line(errors)}")
    finally:
        reader.kill()
        reader.communicate()


def _read(pipe: Any) -> bytes:
    return bytes(pipe.read(CHUNK))


def _write(pipe: Any, text: str) -> None:
    pipe.write(text.encode())
    pipe.flush()


def ask(query: str) -> list[tuple[object, ...]]:
    """What the database answers now. Raises Refused where it does not."""
    try:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())
    except DatabaseError as problem:
        raise Refused(f"The database does not answer: {' '.join(str(problem).split())}") from None


def environment() -> dict[str, str]:
    """What the programs are told the database by: never on a command line, which all can read."""
    of: dict[str, Any] = settings.DATABASES["default"]
    told = {name: str(of[key]) for key, name in _ENVIRONMENT.items() if of.get(key)}
    told["PGDATABASE"] = str(connections["default"].settings_dict["NAME"])
    for option in _OPTIONS:
        if value := of.get("OPTIONS", {}).get(option):
            told[f"PG{option.upper()}"] = str(value)
    return {**os.environ, **told, "PGCLIENTENCODING": "UTF8", "PGTZ": "UTC"}


def counted(expected: Mapping[str, int]) -> str:
    """SQL that fails at the first table which has another number of rows."""
    checks = [
        f"IF (SELECT count(*) FROM public.{table}) <> {count} THEN "  # noqa: S608
        f"RAISE EXCEPTION 'table {table} has not its {count} rows'; END IF;"
        for table, count in expected.items()
    ]
    return f"DO $rows$ BEGIN {' '.join(checks)} END $rows$;"


def _program(name: str) -> str:
    """The newest of this machine, which reads what older servers and programs wrote."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which(name)
    if not found and on_path is None:
        raise Refused(f"{name} is not installed: on Debian, install postgresql-client.")
    return str(found[-1]) if found else str(on_path)


@contextmanager
def _error_file() -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        yield file


def _first_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return _PLACE.sub("", lines[0]) if lines else "it says nothing"
