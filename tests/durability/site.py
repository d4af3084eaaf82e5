"""A site of its own for a test: a folder, a database, processes that work on it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import psycopg

from tests.durability.warm import ROOT, File, Started, start

__all__ = ["ROOT", "Site", "new_site"]
ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


@dataclass(frozen=True)
class Site:
    """A site below `folder`; its database is a file there unless `database_url` says otherwise."""

    folder: Path
    database_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """The file of a SQLite database."""
        return self.folder / "hub.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        settings = {
            "HUB_VAR_DIR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "tests.durability.site_settings",
            "DATABASE_URL": self.database_url or f"sqlite:///{self.database}",
        }
        # What tests in a browser let this process do is not for a site.
        here = {name: value for name, value in os.environ.items() if name != ASYNC_UNSAFE}
        return {**here, **settings, **self.extra}

    def start(self, module: str, *arguments: str, **files: File) -> Started:
        """`python -m module` on this site."""
        return start([module, *arguments], self.environment, **files)

    def run(self, module: str, *arguments: str) -> str:
        """What `python -m module` prints on this site."""
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            status = self.start(module, *arguments, stdout=out, stderr=err).wait()
            out.seek(0)
            err.seek(0)
            assert status == 0, err.read()
            return out.read()

    def run_from_the_start(self, module: str, *arguments: str) -> str:
        """The same, of a program that nothing of the site was loaded for before."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def migrate(self) -> None:
        """Make the tables, and what migrations plant."""
        self.run("django", "migrate", "--verbosity", "0", "--skip-checks")

    def set_stage(self, trainees: int) -> dict[str, Any]:
        """Add a module and signed-in trainees; see `tests.durability.stage`."""
        stage: dict[str, Any] = json.loads(self.run("tests.durability.stage", str(trainees)))
        return stage

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, straight from the database."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                yield from connection.execute(query.encode()).fetchall()
        else:
            with closing(sqlite3.connect(self.database)) as connection:
                yield from connection.execute(query).fetchall()


def new_site(folder: Path, migrated: Path, **extra: str) -> Site:
    """A site in a new folder, whose database is a copy."""
    folder.mkdir()
    made = Site(folder, extra=extra)
    shutil.copy(migrated, made.database)
    return made
