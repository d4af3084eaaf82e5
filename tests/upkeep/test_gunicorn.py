"""The web server as it is configured: starts, reloads and stops without losing a request."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from tests.durability.site import Site
from tests.upkeep.conftest import SiteMaker
from tests.upkeep.slow_site import PIECES
from tests.upkeep.web_server import WebServer

SECRET = "mD2v-8Jc0yqEXAMPLE_tq7Rk1sLw9uNz3bFh5gPo4aVi6xTe2dYjKQ"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "learning_hub.settings.production",
    "HUB_SECRET_KEY": SECRET,
    "HUB_ALLOWED_HOSTS": "127.0.0.1",
}


@pytest.fixture
def site(sqlite_site: SiteMaker) -> Site:
    made = sqlite_site("web", **PRODUCTION)
    made.run("django", "build_frontend")
    made.run("django", "collectstatic", "--noinput", "--verbosity", "0")
    return made


@pytest.fixture
def server(site: Site) -> Iterator[WebServer]:
    counts = site.folder / "counts"
    counts.mkdir()
    (counts / "counter_1.db").write_bytes(b"of an earlier start")
    server = WebServer(site, PROMETHEUS_MULTIPROC_DIR=str(counts))
    yield server
    server.stop()


def test_it_serves_the_site_and_its_static_files(site: Site, server: WebServer) -> None:
    server.start()
    assert not (site.folder / "counts" / "counter_1.db").exists()
    status, headers, _ = server.get("/")
    assert status == 301
    assert headers["location"].startswith("https://")
    status, headers, body = server.get("/", X_Forwarded_Proto="https")
    assert status == 200
    assert "strict-transport-security" in headers
    assert b"Learning Hub" in body
    style = next((site.folder / "static" / "css").glob("hub.*.css"))
    status, headers, body = server.get(f"/static/css/{style.name}", X_Forwarded_Proto="https")
    assert (status, body) == (200, style.read_bytes())
    assert headers["cache-control"] == "max-age=315360000, public, immutable"
    status, headers, body = server.get(
        f"/static/css/{style.name}", X_Forwarded_Proto="https", Accept_Encoding="gzip"
    )
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert len(body) < style.stat().st_size / 2


def test_a_reload_under_load_fails_no_request(server: WebServer) -> None:
    server.start()
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
    time.sleep(3)
    enough.set()
    for visitor in visitors:
        visitor.join()
    assert not before & server.workers()
    assert len(server.workers()) == 2
    assert len(statuses) > 20
    assert set(statuses) == {200}


def test_a_stop_lets_the_open_request_finish(server: WebServer) -> None:
    server.application = "tests.upkeep.slow_site"
    server.start()
    answers: list[tuple[int, bytes]] = []
    visitor = threading.Thread(target=lambda: answers.append(server.get("/slow/")[::2]))
    visitor.start()
    time.sleep(0.7)
    server.signal(signal.SIGTERM)
    time.sleep(0.5)
    with pytest.raises(OSError, match=r"refused|reset"):  # nobody takes new ones any more
        server.get("/robots.txt")
    visitor.join()
    assert answers == [(200, b"piece\n" * PIECES)]
    assert server.process is not None
    assert server.process.wait(30) == 0


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"HUB_WORKERS": "many"}, "HUB_WORKERS: “many”"),
        ({"HUB_WORKER_TIMEOUT": "0"}, "HUB_WORKER_TIMEOUT: “0”"),
        ({"HUB_SECRET_KEY": "short"}, "HUB_SECRET_KEY: make one"),
        ({"HUB_MEDIA_STORAGE": "ftp://bucket"}, "HUB_MEDIA_STORAGE: use s3://"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    site: Site, environment: dict[str, str], says: str
) -> None:
    server = WebServer(site, **environment)
    assert server.launch().wait(60) != 0
    told = [line for line in server.log.read_text().splitlines() if "[INFO]" not in line]
    assert len(told) == 1, told
    assert told[0].startswith("Learning Hub cannot start.")
    assert says in told[0]
