"""Says in one line why the database cannot be used, where its settings are to blame."""

from __future__ import annotations

from typing import Any

from django.db import Error, connection

# By code point, as SQLite orders: a list is in the same order on every installation.
COLLATIONS = ("C", "C.UTF-8", "C.utf8", "POSIX", "ucs_basic")


class DatabaseUnusable(Exception):
    """The database does not let us in, or is not one of ours; the text says what to do."""


def reach() -> None:
    """Ask the database one thing over a connection of its own. Raises DatabaseUnusable."""
    _ask("SELECT 1")


def preflight() -> None:
    """Look whether the database is one that we can live in. Raises DatabaseUnusable."""
    if connection.vendor != "postgresql":
        return
    # An older server knows no other provider than the operating system's.
    encoding, collation, provider = _ask(
        "SELECT pg_encoding_to_char(encoding), datcollate,"
        " coalesce(to_jsonb(base) ->> 'datlocprovider', 'c')"
        " FROM pg_database base WHERE datname = current_database()"
    )
    if encoding != "UTF8" or collation not in COLLATIONS or provider == "i":
        raise DatabaseUnusable(
            f"DATABASE_URL: the database holds text as {encoding} and orders it by "
            f"{'ICU' if provider == 'i' else collation}; make it with "
            "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'."
        )


def _ask(question: str) -> tuple[Any, ...]:
    probe = connection.copy()
    probe.settings_dict["OPTIONS"] = {**probe.settings_dict["OPTIONS"]}
    probe.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with probe.cursor() as cursor:
            cursor.execute(question)
            answer: tuple[Any, ...] = cursor.fetchone()
            return answer
    except Error as problem:
        raise DatabaseUnusable(f"DATABASE_URL: {' '.join(str(problem).split())}") from problem
    finally:
        probe.close()
