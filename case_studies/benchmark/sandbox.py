"""A database and an index of their own for a benchmark, so that it touches nothing real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from django.test.utils import override_settings

_PLAIN_STATIC_FILES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@contextmanager
def sandbox(folder: Path) -> Iterator[None]:
    """Within the block, the site's database, index and files are those in `folder`."""
    real: dict[str, Any] = dict(connections.databases["default"])
    _connect(
        real
        | {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "benchmark.sqlite3"),
            # As the site's own settings open it, but for waiting on the disk.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;",
            },
        }
    )
    try:
        with override_settings(
            HUB_SEARCH_INDEX_DIR=folder / "search-index",
            STORAGES=_PLAIN_STATIC_FILES,
            ALLOWED_HOSTS=["localhost"],
            SECURE_SSL_REDIRECT=False,
        ):
            yield
    finally:
        _connect(real)


def _connect(database: dict[str, Any]) -> None:
    connections["default"].close()
    connections.databases["default"].clear()
    connections.databases["default"].update(database)
    del connections["default"]
