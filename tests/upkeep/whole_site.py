"""Everything that a site holds, to be compared with another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from tests.durability.site import Site

# Which state of the database an index is of: a restored one is another state.
NOT_COPIED = {"search_journalposition"}


def all_rows(site: Site) -> dict[str, list[str]]:
    """Every row of every table."""
    query = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if site.database_url
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    with _connected(site) as connection:
        tables = {str(name) for (name,) in connection.execute(query)} - NOT_COPIED
        return {
            table: sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"')))
            for table in sorted(tables)
        }


def execute(site: Site, *statements: str) -> None:
    """Change a database behind the site's back."""
    with _connected(site) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _connected(site: Site) -> Any:
    if site.database_url:
        return closing(psycopg.connect(site.database_url))
    return closing(sqlite3.connect(site.database))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
