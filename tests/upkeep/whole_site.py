"""Everything that a site holds, to be compared with another."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.durability.site import ROOT, Site

# Which state of the database an index is of: a restored one is another state.
NOT_COPIED = {"search_journalposition"}


def manage(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the site's, whatever comes of it."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def done(site: Site, *arguments: str) -> str:
    """What a command prints that must succeed."""
    ran = manage(site, *arguments)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def refused(site: Site, *arguments: str) -> str:
    """The one line of a command that must not succeed."""
    ran = manage(site, *arguments)
    assert ran.returncode != 0, ran.stdout
    [line] = ran.stderr.strip().splitlines()
    return line


def all_rows(site: Site) -> dict[str, list[str]]:
    """Every row of every table."""
    query = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if site.database_url
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    tables = {str(name) for (name,) in site.rows(query)} - NOT_COPIED
    return {
        table: sorted(map(repr, site.rows(f'SELECT * FROM "{table}"'))) for table in sorted(tables)
    }


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def answers(site: Site) -> dict[str, Any]:
    """What a site answers; see `tests.upkeep.testimony`."""
    told: dict[str, Any] = json.loads(site.run("tests.upkeep.testimony"))
    return told
