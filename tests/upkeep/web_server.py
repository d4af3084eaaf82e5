"""A real gunicorn with the configuration that the project ships."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.durability.site import ROOT, Site

STARTS_WITHIN = 90


class WebServer:
    """gunicorn, as the operations page starts it, over a site of a test."""

    def __init__(self, site: Site, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.log = site.folder / "gunicorn.log"
        bind = {"HUB_BIND": f"127.0.0.1:{self.port}", "HUB_WORKERS": "2"}
        self.environment = {**site.environment, **bind, **environment}
        self.application = "learning_hub.wsgi"
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it, and do not wait."""
        command = [sys.executable, "-m", "gunicorn", self.application]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        return self.process

    def start(self) -> None:
        """Start it and wait until it answers."""
        process = self.launch()
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and process.poll() is None:
            try:
                self.get("/robots.txt")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.log.read_text()[-4000:])

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer, on a connection of its own."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.asking(path, named) as answer:
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()

    @contextmanager
    def asking(
        self, path: str, headers: Mapping[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """An answer that has begun, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers=headers or {})
            yield connection.getresponse()
        finally:
            connection.close()

    def turns_away_within(self, seconds: float) -> bool:
        """Whether it stops taking new requests."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                self.get("/robots.txt")
            except OSError:
                return True
        return False

    def workers(self) -> set[int]:
        """The processes that answer."""
        assert self.process is not None
        pid = self.process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def runs(self) -> bool:
        """Whether it has been started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop it in good order, if it runs."""
        if self.process is not None and self.runs():
            self.process.terminate()
            self.process.wait(60)
