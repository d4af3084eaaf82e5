"""Runs a real Elasticsearch on this machine, for tests and for `make elasticsearch`.

One node serves all processes of a test run, from the first test that asks to the end of the run.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.elasticsearch.address import ElasticsearchAddress
from tests.servers.elasticsearch.program import ServerProblem, locked
from tests.servers.elasticsearch.server import ElasticsearchServer

__all__ = ["ElasticsearchAddress", "ElasticsearchServer", "ServerProblem"]

GIVEN = "HUB_TEST_ELASTICSEARCH_URL"
RUN = "HUB_TEST_RUN"  # the id of the process that all of a test run live with


def pytest_configure(config: pytest.Config) -> None:
    """Tell the processes of this run apart from those of another."""
    if not _is_worker(config):
        os.environ[RUN] = str(os.getpid())
        shutil.rmtree(_run_folder(), ignore_errors=True)  # of a run of this number that was killed


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, if any test asked for it, when the whole run is over."""
    if not _is_worker(config) and _run_folder().exists():
        ElasticsearchServer(_run_folder()).stop()
        shutil.rmtree(_run_folder(), ignore_errors=True)


@pytest.fixture(scope="session")
def elasticsearch_server() -> ElasticsearchAddress:
    """The one server of this run, or that of HUB_TEST_ELASTICSEARCH_URL.

    Tests share it, so each keeps to names with a prefix of its own.
    """
    if given := os.environ.get(GIVEN):
        return ElasticsearchAddress([url.strip().rstrip("/") for url in given.split(",")])
    folder = _run_folder()
    folder.mkdir(exist_ok=True)
    server = ElasticsearchServer(folder, lives_with=int(os.environ[RUN]))
    failed = folder / "problem"
    with locked(folder / "starting"):
        if failed.exists():  # another process has tried
            cannot(failed.read_text())
        try:
            server.start()
        except ServerProblem as problem:
            failed.write_text(str(problem))
            cannot(str(problem))
    return server


@pytest.fixture(scope="module")
def elasticsearch_cluster() -> Iterator[ElasticsearchServer]:
    """Three nodes of one cluster, for the tests of one module; they take 2.5 GB of memory."""
    folder = Path(tempfile.mkdtemp(prefix="hub-elasticsearch-cluster-"))
    server = ElasticsearchServer(folder, size=3, lives_with=int(os.environ[RUN]))
    try:
        server.start()
        yield server
    except ServerProblem as problem:
        cannot(str(problem))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def cannot(problem: str) -> None:
    """Skip with the reason, or fail where services are required."""
    if os.environ.get("HUB_REQUIRE_SERVICES") == "1":
        pytest.fail(problem)
    pytest.skip(problem)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _run_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"hub-elasticsearch-{os.environ[RUN]}"


def main(verb: str, folder: str, nodes: str = "1") -> None:
    """`start` or `stop` the servers in `folder`, as `make elasticsearch` does."""
    if nodes not in ("1", "3"):
        raise SystemExit("NODES must be 1 or 3.")
    at = Path(folder).resolve()
    try:
        if verb == "stop":
            for size in (1, 3):
                ElasticsearchServer(at / f"cluster-of-{size}", size).stop()
            return
        server = ElasticsearchServer(at / f"cluster-of-{nodes}", int(nodes))
        server.start()
    except ServerProblem as problem:
        raise SystemExit(str(problem)) from None
    print(f"HUB_ELASTICSEARCH_URL={server.url}")


if __name__ == "__main__":
    main(*sys.argv[1:])
