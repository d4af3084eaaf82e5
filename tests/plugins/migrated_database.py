"""Keeps the migrated database of a run for the next one: migrating takes longer than many tests."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.durability.site import Site

LOCK = Path("requirements/dev.lock")
# PostgreSQL keeps it as a database to copy; its name goes on with the state that it is of.
TEMPLATE = "hub_migrated_"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> Iterator[None]:
    """Begin with what an earlier run migrated, if no migration and no package changed since.

    Migrating follows all the same, and finds nothing to do.
    """
    plain = migrate.Command.handle
    patch = pytest.MonkeyPatch()

    def handle(self: migrate.Command, *args: Any, **options: Any) -> Any:
        patch.undo()  # what a test migrates later is its own affair
        connection = connections[options["database"]]
        if connection.vendor == "postgresql":
            result = plain(self, *args, **options)
            keep_template(connection)
            return result
        if not _is_in_memory(connection):
            return plain(self, *args, **options)
        kept = kept_file()
        if kept.exists() and not connection.introspection.table_names():
            with closing(sqlite3.connect(kept)) as source:
                source.backup(connection.connection)
        result = plain(self, *args, **options)
        if not kept.exists():
            _keep(connection, kept)
        return result

    patch.setattr(migrate.Command, "handle", handle)
    default = connections["default"]
    if default.vendor == "postgresql":
        with django_db_blocker.unblock():
            if template_exists(default):
                default.settings_dict["TEST"]["TEMPLATE"] = template_name()
    yield
    patch.undo()


def _is_in_memory(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "sqlite" and connection.is_in_memory_db()


def kept_file(kind: str = "sqlite3") -> Path:
    """Where the database that is migrated as far as this version goes is kept, if it is.

    A file of SQLite, or with `kind` "sql" the statements that make it in PostgreSQL.
    """
    folder = Path(settings.VAR_DIR) / "test" / "migrated"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{state()}.{kind}"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with all its tables, for tests that start sites of their own."""
    site = Site(tmp_path_factory.mktemp("migrated"))
    if kept_file().exists():
        shutil.copy(kept_file(), site.database)
    site.migrate()
    return site.database


@pytest.fixture
def database_for_threads(django_db_setup: None) -> None:
    """The test's database is one that threads may read while another writes."""
    if _is_in_memory(connections["default"]):
        pytest.skip("A database in memory locks whole tables for those who read: use another.")


@functools.cache
def state() -> str:
    """What migrating depends on: the packages, our migrations, and the data that they read."""
    root, packages = Path(settings.PROJECT_DIR), Path(sys.prefix)
    paths = [Path(app.path) for app in apps.get_app_configs()]
    own = [path for path in paths if root in path.parents and packages not in path.parents]
    files = [path for folder in own for path in folder.glob("migrations/*.py")]
    files += [path for folder in own for path in folder.glob("*.json")]
    digest = hashlib.sha256((root / LOCK).read_bytes())
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _keep(connection: BaseDatabaseWrapper, kept: Path) -> None:
    """Keep it as a file."""
    with _whole(kept) as made, closing(sqlite3.connect(made)) as target:
        connection.connection.backup(target)


def keep_statements(statements: str) -> None:
    """Keep what makes the migrated database in PostgreSQL."""
    with _whole(kept_file("sql")) as made:
        made.write_text(statements)


@contextmanager
def _whole(kept: Path) -> Iterator[Path]:
    """Write a file whole or not at all, and let go of what older migrations left."""
    older = [path for path in kept.parent.glob(f"*{kept.suffix}") if path != kept]
    number, name = tempfile.mkstemp(dir=kept.parent)
    os.close(number)
    yield Path(name)
    os.replace(name, kept)
    for path in older:
        path.unlink(missing_ok=True)


def template_name() -> str:
    """The database of PostgreSQL that holds what our migrations make."""
    return f"{TEMPLATE}{state()[:16]}"


def template_exists(connection: BaseDatabaseWrapper) -> bool:
    """Whether an earlier run, or another process of this one, has made it."""
    return template_name() in _templates(connection)


def keep_template(connection: BaseDatabaseWrapper) -> None:
    """Make it of the database just migrated, whole or not at all; let go of older ones."""
    wanted, made = template_name(), f"making_{template_name()}_{os.getpid()}"
    source = connection.settings_dict["NAME"]
    known = _templates(connection)
    if wanted in known:
        return
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{made}" TEMPLATE "{source}"')
        try:
            cursor.execute(f'ALTER DATABASE "{made}" RENAME TO "{wanted}"')
        except DatabaseError:  # another process was faster
            cursor.execute(f'DROP DATABASE "{made}"')
        for name in known:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _templates(connection: BaseDatabaseWrapper) -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{TEMPLATE}%"])
        return [name for (name,) in cursor.fetchall()]
