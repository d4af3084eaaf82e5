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
from typing import NoReturn

import pytest

from tests.servers.elasticsearch.address import ElasticsearchAddress
from tests.servers.elasticsearch.program import ServerMissing, ServerProblem, locked
from tests.servers.elasticsearch.server import ElasticsearchServer
from tests.servers.fault_proxy import FaultProxy

__all__ = ["ElasticsearchAddress", "ElasticsearchServer", "ServerMissing", "ServerProblem"]

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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a cluster run one after the other: there is not the memory for two."""
    for item in items:
        if "elasticsearch_cluster" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("elasticsearch-cluster"))


@pytest.fixture(scope="session")
def elasticsearch_server() -> ElasticsearchAddress:
    """The one server of this run, or that of HUB_TEST_ELASTICSEARCH_URL.

    Tests share it, so each keeps to names with a prefix of its own.
    """
    if given := given_server():
        return given
    folder = _run_folder()
    folder.mkdir(exist_ok=True)
    server = ElasticsearchServer(folder, lives_with=int(os.environ[RUN]))
    with locked(folder / "starting"):
        try:
            _start_once(server)
        except ServerProblem as problem:
            cannot(problem)
    return server


def given_server() -> ElasticsearchAddress | None:
    """The server that whoever started the tests named, if any."""
    given = os.environ.get(GIVEN, "")
    urls = [url.strip().rstrip("/") for url in given.split(",") if url.strip()]
    return ElasticsearchAddress(urls) if urls else None


def _start_once(server: ElasticsearchServer) -> None:
    """Start it, unless another process of this run has tried in vain. Raises ServerProblem."""
    for kind in (ServerMissing, ServerProblem):
        if (known := server.folder / kind.__name__).exists():
            raise kind(known.read_text())
    try:
        server.start()
    except ServerProblem as problem:
        (server.folder / type(problem).__name__).write_text(str(problem))
        raise


@pytest.fixture(scope="module")
def elasticsearch_cluster() -> Iterator[ElasticsearchServer]:
    """Three nodes of one cluster, for the tests of one module; they take 2.5 GB of memory."""
    folder = Path(tempfile.mkdtemp(prefix="hub-elasticsearch-cluster-"))
    server = ElasticsearchServer(folder, size=3, lives_with=int(os.environ[RUN]))
    try:
        server.start()
        yield server
    except ServerProblem as problem:
        cannot(problem)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fault_proxy(elasticsearch_server: ElasticsearchAddress) -> Iterator[FaultProxy]:
    """Stands in front of the server; a test sets its `fault`, from tests.servers.faults."""
    proxy = FaultProxy(elasticsearch_server.urls[0])
    yield proxy
    proxy.close()


def cannot(problem: ServerProblem) -> NoReturn:
    """Skip where this machine lacks something, unless services are required; else fail."""
    required = os.environ.get("HUB_REQUIRE_SERVICES") == "1"
    if required or not isinstance(problem, ServerMissing):
        pytest.fail(str(problem))
    pytest.skip(str(problem))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _run_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"hub-elasticsearch-{os.environ[RUN]}"


def main(verb: str, folder: str, nodes: str = "1") -> None:
    """`start` or `stop` the servers in `folder`, as `make elasticsearch` does."""
    if verb not in ("start", "stop"):
        raise SystemExit("Say start or stop.")
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
