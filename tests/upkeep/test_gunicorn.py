"""The web server as it is configured: starts, reloads and stops without losing a request."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path

import pytest

from tests.durability.site import Site
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import REFUSED, UNAUTHORISED, Fault
from tests.upkeep.conftest import SiteMaker
from tests.upkeep.slow_site import PIECE, PIECES
from tests.upkeep.web_server import WebServer

SECRET = "mD2v-8Jc0yqEXAMPLE_tq7Rk1sLw9uNz3bFh5gPo4aVi6xTe2dYjKQ"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "learning_hub.settings.production",
    "HUB_SECRET_KEY": SECRET,
    "HUB_ALLOWED_HOSTS": "127.0.0.1",
}


@pytest.fixture(scope="module")
def served(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """One server for these tests, with an address more that takes its time."""
    site = Site(tmp_path_factory.mktemp("web"), extra=PRODUCTION)
    shutil.copy(migrated, site.database)
    site.run("tests.upkeep.collected")
    counts = site.folder / "counts"
    counts.mkdir()
    (counts / "counter_1.db").write_bytes(b"of an earlier start")
    server = WebServer(site, PROMETHEUS_MULTIPROC_DIR=str(counts))
    server.application = "tests.upkeep.slow_site"
    yield server
    server.stop()


@pytest.fixture
def server(served: WebServer) -> WebServer:
    """The server, started where a test has stopped it."""
    if not served.runs():
        served.start()
    return served


@pytest.fixture
def site(sqlite_site: SiteMaker) -> Site:
    """A site to start another server on."""
    return sqlite_site("web", **PRODUCTION)


def test_it_serves_the_site_and_its_static_files(server: WebServer) -> None:
    folder = server.log.parent
    assert not (folder / "counts" / "counter_1.db").exists()
    status, headers, _ = server.get("/")
    assert status == 301
    assert headers["location"].startswith("https://")
    status, headers, body = server.get("/", X_Forwarded_Proto="https")
    assert status == 200
    assert "strict-transport-security" in headers
    assert b"Learning Hub" in body
    style = next((folder / "static" / "css").glob("hub.*.css"))
    status, headers, body = server.get(f"/static/css/{style.name}", X_Forwarded_Proto="https")
    assert (status, body) == (200, style.read_bytes())
    assert headers["cache-control"] == "max-age=315360000, public, immutable"
    status, headers, body = server.get(
        f"/static/css/{style.name}", X_Forwarded_Proto="https", Accept_Encoding="gzip"
    )
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert len(body) < style.stat().st_size / 2


def test_a_reload_under_load_fails_no_request(server: WebServer) -> None:
    before, enough, statuses = server.workers(), threading.Event(), list[int]()

    def visit() -> None:
        while not enough.is_set():
            try:
                statuses.append(server.get("/", X_Forwarded_Proto="https")[0])
            except OSError:
                statuses.append(0)

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for _ in range(2):
        time.sleep(1)
        old = server.workers()
        server.signal(signal.SIGHUP)
        until = time.monotonic() + 60
        while server.workers() & old and time.monotonic() < until:
            time.sleep(0.1)
    after, until = len(statuses), time.monotonic() + 60
    while len(statuses) < after + 8 and time.monotonic() < until:
        time.sleep(0.1)
    enough.set()
    for visitor in visitors:
        visitor.join()
    assert not before & server.workers()
    assert len(server.workers()) == 2
    assert len(statuses) >= after + 8 > 8
    assert set(statuses) == {200}


def test_a_second_start_by_mistake_takes_nothing_from_the_counts(server: WebServer) -> None:
    folder = server.log.parent / "counts"
    assert server.get("/", X_Forwarded_Proto="https")[0] == 200
    counts = set(folder.glob("*.db"))
    assert counts
    assert copy(server).launch().wait(60) != 0
    assert counts <= set(folder.glob("*.db"))
    assert server.get("/", X_Forwarded_Proto="https")[0] == 200


def test_a_stop_lets_the_open_request_finish(server: WebServer) -> None:
    with server.asking("/slow/") as answer:
        assert answer.read(len(PIECE)) == PIECE
        server.signal(signal.SIGTERM)
        assert server.turns_away_within(10)
        assert answer.read() == PIECE * (PIECES - 1)
    assert server.process is not None
    assert server.process.wait(30) == 0


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"HUB_WORKERS": "many"}, "HUB_WORKERS: “many”"),
        ({"HUB_WORKER_TIMEOUT": "0"}, "HUB_WORKER_TIMEOUT: “0”"),
        ({"PROMETHEUS_MULTIPROC_DIR": "/dev/null/counts"}, "PROMETHEUS_MULTIPROC_DIR: "),
        ({"HUB_SECRET_KEY": "short"}, "HUB_SECRET_KEY: make one"),
        ({"HUB_MEDIA_STORAGE": "ftp://bucket"}, "HUB_MEDIA_STORAGE: use s3://"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    site: Site, environment: dict[str, str], says: str
) -> None:
    assert says in the_one_line(WebServer(site, **environment))


def the_one_line(server: WebServer) -> str:
    """What a server says that does not start."""
    assert server.launch().wait(60) != 0
    told = [line for line in server.log.read_text().splitlines() if "[INFO]" not in line]
    assert len(told) == 1, told
    assert told[0].startswith("Learning Hub cannot start.")
    return told[0]


@pytest.fixture
def failing() -> Iterator[Callable[[Fault], dict[str, str]]]:
    """Makes a search server that fails in one way; the settings of a site that asks it."""
    proxy = FaultProxy("http://127.0.0.1:1")

    def fail(fault: Fault) -> dict[str, str]:
        proxy.fault = fault
        return {
            "HUB_SEARCH_ENGINE": "elasticsearch",
            "HUB_ELASTICSEARCH_URL": proxy.url,
            "HUB_ELASTICSEARCH_USERNAME": "hub",
            "HUB_ELASTICSEARCH_PASSWORD": "open-sesame",
        }

    yield fail
    proxy.close()


def test_a_wrong_password_of_the_search_server_stops_the_start_with_one_line(
    site: Site, failing: Callable[[Fault], dict[str, str]]
) -> None:
    said = the_one_line(WebServer(site, **failing(UNAUTHORISED)))
    assert "refuses the name and password (401)" in said
    assert "HUB_ELASTICSEARCH_USERNAME and _PASSWORD" in said
    assert "open-sesame" not in said


def test_a_search_server_that_is_down_keeps_nobody_from_starting(
    site: Site, failing: Callable[[Fault], dict[str, str]]
) -> None:
    development = {"DJANGO_SETTINGS_MODULE": "tests.durability.site_settings"}
    server = WebServer(site, **failing(REFUSED), **development, HUB_WORKERS="1")
    server.start()
    try:
        assert server.get("/search/?q=hub")[0] == 200
    finally:
        server.stop()
