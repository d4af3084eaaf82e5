"""The site's image, as far as it can be tried without Docker: what goes in, and whether it runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.architecture.sources import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def _copy_of_the_image(folder: Path) -> None:
    """What .dockerignore lets through."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    for line in lines:
        source = ROOT / line.removeprefix("!")
        if line.startswith("!") and source.is_dir():
            left_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / source.name, ignore=left_out)
        elif line.startswith("!") and source.exists():
            shutil.copy(source, folder)


def test_only_a_list_goes_in_and_neither_data_nor_history() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {line[1:] for line in rules if line.startswith("!")}
    assert not let_in & {"var", ".git", ".venv", ".env", "tests"}
    assert let_in >= {"learning_hub", "search", "templates", "static", "manage.py"}


def test_packages_come_by_the_hashed_lock_and_the_site_is_not_run_by_root() -> None:
    assert "pip install --no-cache-dir --require-hashes" in DOCKERFILE
    assert DOCKERFILE.count("pip install") == 1
    assert "chown -R hub:hub var /certificates" in DOCKERFILE
    after_user = DOCKERFILE.partition("\nUSER hub\n")[2]
    assert "RUN" not in after_user
    assert "USER" not in after_user
    assert 'CMD ["gunicorn", "learning_hub.wsgi"]' in after_user
    assert "HEALTHCHECK" in after_user


@pytest.mark.slow
def test_what_goes_in_is_enough_to_build_it_and_to_load_the_site(tmp_path: Path) -> None:
    _copy_of_the_image(tmp_path)
    steps = re.findall(r"python (manage\.py [a-z_]+(?: -[^\\&]+)?)", DOCKERFILE)
    assert [step.split()[1] for step in steps] == ["build_frontend", "collectstatic"]
    environment = {"PATH": os.environ["PATH"]}
    for step in [*steps, "manage.py check --fail-level WARNING"]:
        command = [sys.executable, *step.split()]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "var/static/staticfiles.json").exists()


class Site(BaseHTTPRequestHandler):
    """Answers /healthz with the status of its server."""

    def do_GET(self) -> None:
        self.send_response(self.server.health if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Nothing."""


@pytest.mark.parametrize(("status", "is_healthy"), [(200, True), (503, False)])
def test_the_health_check_asks_the_web_server(status: int, is_healthy: bool) -> None:
    server = HTTPServer(("127.0.0.1", 0), Site)
    server.health = status
    Thread(target=server.handle_request, daemon=True).start()
    environment = {**os.environ, "HUB_BIND": f"0.0.0.0:{server.server_port}"}
    command = [sys.executable, str(ROOT / "deploy/is_healthy.py")]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    server.server_close()
    assert (done.returncode == 0) is is_healthy
