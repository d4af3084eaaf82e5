"""What a database says of itself: its migrations, its rows, and whether anybody uses it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from learning_hub.upkeep.refusal import Refused

Rows = Callable[[str], Iterable[tuple[object, ...]]]
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
# A site where somebody has an account, wrote a page or put a file has something to lose.
_USED = ("accounts_user", "wagtailcore_revision", "media_hubimage", "media_hubdocument")


def tables(rows: Rows) -> list[str]:
    """The names of all tables."""
    return sorted(str(name) for (name,) in rows(_TABLES[connection.vendor]))


def counts(rows: Rows) -> dict[str, int]:
    """How many rows each table has."""
    found = {}
    for table in tables(rows):
        [(count,)] = rows(f'SELECT count(*) FROM "{table}"')  # noqa: S608
        found[table] = int(str(count))
    return found


def migrations(rows: Rows) -> dict[str, list[str]]:
    """The migrations that were applied, by app."""
    applied: dict[str, list[str]] = {}
    for app, name in rows("SELECT app, name FROM django_migrations ORDER BY app, name"):
        applied.setdefault(str(app), []).append(str(name))
    return applied


def require_known(applied: dict[str, list[str]]) -> None:
    """Raise Refused where a migration was applied that this version does not have."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known |= {(app, name) for app, name in migration.replaces}
    for app, names in applied.items():
        for name in names:
            if (app, name) not in known:
                raise Refused(
                    f"The backup was made by a newer version of the site, with the migration "
                    f"{app}.{name}; install that version first."
                )


def what_is_there(rows: Rows) -> str:
    """What a database has that would be lost, in words; an empty text where nothing."""
    there = tables(rows)
    if there and "django_migrations" not in there:
        return "the database holds something that is no Learning Hub"
    for table in _USED:
        if table in there and list(rows(f'SELECT 1 FROM "{table}" LIMIT 1')):  # noqa: S608
            return "the site has accounts, pages or files"
    return ""


def hub_version() -> str:
    """The version that is installed, as the project's own file says."""
    file = Path(settings.PROJECT_DIR) / "pyproject.toml"
    return str(tomllib.loads(file.read_text())["project"]["version"])
