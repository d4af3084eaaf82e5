"""A real web server over a site, whose processes can be killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import time
from pathlib import Path

from tests.durability.site import Site
from tests.durability.warm import Started

STARTS_WITHIN = 60


class Server:
    """gunicorn with the site loaded before it forks, so that a new worker is there at once.

    Without the project's own configuration, which looks at everything before a start.
    """

    def __init__(self, site: Site, workers: int = 3, threads: int = 4) -> None:
        self.site, self.workers, self.threads = site, workers, threads
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.master: Started | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = ["gunicorn", "learning_hub.wsgi", "--preload", "--config", os.devnull]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", str(self.workers)]
        command += ["--threads", str(self.threads), "--timeout", "120", "--no-control-socket"]
        with (self.site.folder / "server.log").open("ab") as log:
            self.master = self.site.start(*command, stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        """Stop it in good order."""
        if self.master is not None:
            self.master.terminate()
            self.master.wait(30)
            self.master = None

    def kill_a_worker(self, chance: random.Random) -> bool:
        """kill -9 one worker; whether there was one."""
        workers = self._workers()
        return bool(workers) and _kill(chance.choice(workers))

    def kill_all(self) -> None:
        """kill -9 the master and every worker, and start again."""
        assert self.master is not None
        workers = self._workers()
        self.master.kill()
        self.master.wait()
        for worker in workers:
            _kill(worker)
        self.start()

    def _workers(self) -> list[int]:
        assert self.master is not None
        pid = self.master.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in children.split()]

    def _wait(self) -> None:
        assert self.master is not None
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self.master.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError((self.site.folder / "server.log").read_text()[-4000:])


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
