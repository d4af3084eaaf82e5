"""Whole test runs: their processes share one server, which never outlives them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.elasticsearch import program

# A shell that runs tests in the background has them ignore Ctrl-C, which these are to obey.
ONE = """
import os, pathlib, signal, time, pytest
signal.signal(signal.SIGINT, signal.default_int_handler)
@pytest.mark.parametrize("number", range(4))
def test_it(number, elasticsearch_server):
    node = elasticsearch_server.nodes[0]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    seen = pathlib.Path(__file__).with_name(f"seen-by-{worker}")
    seen.write_text((node.folder / "pid").read_text())
    time.sleep(%s)
"""
GONE_WITHIN = 30


class Run:
    """A test run of its own, in another process."""

    def __init__(self, folder: Path, *options: str, pause: float = 0, **variables: str) -> None:
        self.folder = folder
        (folder / "test_one.py").write_text(ONE % pause)
        command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(folder)]
        command += ["-rs", "-p", "no:django", "-p", "no:cacheprovider"]
        command += ["-p", "tests.plugins.elasticsearch", *options, str(folder)]
        environment = {**os.environ, **variables}
        for name in ("HUB_TEST_ELASTICSEARCH_URL", "PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            command, cwd=program.ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )

    def printed(self) -> str:
        """What it printed, once it has ended."""
        return self.process.communicate(timeout=280)[0]

    def servers(self) -> set[int]:
        """The ids of the servers that its tests saw."""
        return {int(path.read_text()) for path in self.folder.glob("seen-by-*")}

    def first_server(self) -> int:
        """The id of its server, as soon as a test has it."""
        while not (found := self.servers()):
            assert self.process.poll() is None
            time.sleep(0.1)
        return found.pop()


def _is_gone(pid: int, within: float = GONE_WITHIN) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if b"ElasticsearchNode" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                return True
        except OSError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_the_processes_of_one_run_share_one_server_that_ends_with_it(tmp_path: Path) -> None:
    run = Run(tmp_path, "-n", "2", pause=1)
    assert "4 passed" in run.printed()
    assert len(list(tmp_path.glob("seen-by-*"))) == 2
    assert len(run.servers()) == 1
    assert _is_gone(run.servers().pop(), within=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "ended_as"),
    [(signal.SIGINT, pytest.ExitCode.INTERRUPTED), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_the_server_ends_with_a_run_that_is_broken_off(
    tmp_path: Path, how: signal.Signals, ended_as: int
) -> None:
    run = Run(tmp_path, pause=60)
    server = run.first_server()
    run.process.send_signal(how)
    run.printed()
    assert run.process.returncode == ended_as
    assert _is_gone(server)


def test_without_java_it_is_skipped_with_the_reason(tmp_path: Path) -> None:
    run = Run(tmp_path, PATH="/nowhere", HUB_VAR_DIR=str(tmp_path), HUB_REQUIRE_SERVICES="")
    printed = run.printed()
    assert "4 skipped" in printed
    assert "Elasticsearch needs mvn and java" in printed


def test_without_java_it_fails_where_services_are_required(tmp_path: Path) -> None:
    run = Run(tmp_path, PATH="/nowhere", HUB_VAR_DIR=str(tmp_path), HUB_REQUIRE_SERVICES="1")
    assert "4 errors" in run.printed()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo '[ERROR] Could not transfer artifact: no route'; exit 1", "no route"),
        ("exit 0", "other artifacts than are pinned: HdrHistogram"),
    ],
)
def test_what_maven_cannot_do_is_said_in_one_line(tmp_path: Path, script: str, told: str) -> None:
    (tmp_path / "mvn").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "mvn").chmod(0o755)
    command = [sys.executable, "-m", "tests.plugins.elasticsearch", "start", str(tmp_path)]
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HUB_VAR_DIR": str(tmp_path)}
    done = subprocess.run(
        command,
        cwd=program.ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert told in last
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "elasticsearch/program").iterdir()) == [
        tmp_path / "elasticsearch/program/lock"
    ]
