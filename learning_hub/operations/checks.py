"""What every installation needs to be well: its database, its tables, and a disk to write to."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from learning_hub.operations import readiness
from learning_hub.operations.readiness import Finding

_LEAST_FREE_MEGABYTES = 200
_is_migrated = False


def register() -> None:
    """Have all of them asked."""
    readiness.register_check("database", database, needed=True)
    readiness.register_check("migrations", migrations, needed=True)
    readiness.register_check("disk", disk)


def database() -> Finding:
    """Whether the database answers."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return Finding(True, "It answers.", {"vendor": connection.vendor})


def migrations() -> Finding:
    """Whether the tables are those that this version needs. Once they are, they stay so."""
    global _is_migrated
    if not _is_migrated:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            sentence = f"{missing} are not applied. Run: manage.py migrate"
            return Finding(False, sentence, {"missing": missing})
        _is_migrated = True
    return Finding(True, "All are applied.", {"missing": 0})


def disk() -> Finding:
    """Whether what the site keeps on this machine can be written."""
    folder = Path(settings.VAR_DIR)
    free = shutil.disk_usage(folder).free // 1_000_000
    facts = {"free_megabytes": free}
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".ready-") as file:
            file.write(b"ready")
            file.flush()
    except OSError as problem:
        return Finding(False, f"It cannot be written to: {problem.strerror}.", facts)
    if free < _LEAST_FREE_MEGABYTES:
        return Finding(False, "It is almost full.", facts)
    return Finding(True, "It can be written to.", facts)
