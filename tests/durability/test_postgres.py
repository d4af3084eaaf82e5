"""The tests of the record's life hold on PostgreSQL too, run there as they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.durability.site import ROOT
from tests.plugins.postgres import PostgresServer

ON_BOTH = [
    f"tests/syllabus/test_{name}.py"
    for name in ("life_cycle", "append_only", "attempts", "enrolment", "progress")
]


def test_the_life_of_a_record_is_the_same_on_postgresql(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    postgres_server.sql("CREATE DATABASE life_cycle")
    environment = {
        **{name: value for name, value in os.environ.items() if not _is_of_this_run(name)},
        "DATABASE_URL": postgres_server.url("life_cycle"),
        "HUB_VAR_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow"]
    done = subprocess.run(
        [*command, *ON_BOTH],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout[-300:])
    if done.returncode:
        pytest.fail(done.stdout[-6000:] + done.stderr[-2000:])


def _is_of_this_run(name: str) -> bool:
    return name == "HUB_TEST_DATABASE" or name.startswith("PYTEST_")
