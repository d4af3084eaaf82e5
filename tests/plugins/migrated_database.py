"""Keeps the migrated database of a run for the next one: migrating takes longer than many tests."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK = Path("requirements/dev.lock")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Begin with what an earlier run migrated, if no migration and no package changed since.

    Migrating follows all the same, and finds nothing to do.
    """
    plain = migrate.Command.handle
    patch = pytest.MonkeyPatch()

    def handle(self: migrate.Command, *args: Any, **options: Any) -> Any:
        patch.undo()  # what a test migrates later is its own affair
        connection = connections[options["database"]]
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
    yield
    patch.undo()


def kept_file() -> Path:
    """Where the database that is migrated as far as this version goes is kept, if it is."""
    return _folder() / f"{_state()}.sqlite3"


def _is_in_memory(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "sqlite" and connection.is_in_memory_db()


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "test" / "migrated"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _state() -> str:
    """What migrating depends on: the packages, our migrations, and the data that they read."""
    root = Path(settings.PROJECT_DIR)
    own = [Path(app.path) for app in apps.get_app_configs() if root in Path(app.path).parents]
    files = [path for folder in own for path in folder.glob("migrations/*.py")]
    files += [path for folder in own for path in folder.glob("*.json")]
    digest = hashlib.sha256((root / LOCK).read_bytes())
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _keep(connection: BaseDatabaseWrapper, kept: Path) -> None:
    """Write the file whole or not at all, and let go of what older migrations left."""
    older = [path for path in kept.parent.glob("*.sqlite3") if path != kept]
    number, name = tempfile.mkstemp(dir=kept.parent)
    os.close(number)
    with closing(sqlite3.connect(name)) as target:
        connection.connection.backup(target)
    os.replace(name, kept)
    for path in older:
        path.unlink(missing_ok=True)
