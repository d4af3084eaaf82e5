"""The worker keeps every index current, makes what is missing, and lives through faults."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from search import sync
from search.engines import answering, selection
from search.engines.errand import Errand
from search.engines.protocol import IndexUnusable
from search.models import JournalPosition
from search.worker import Worker
from tests.factories.case_studies import make_case_study
from tests.search.fake_server import FakeServer

ROOT = Path(__file__).resolve().parents[2]
# The server here is one that pretends, beside the embedded index of this machine.
pytestmark = pytest.mark.embedded_only


@pytest.fixture
def server(
    db: None, search_index: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeServer]:
    """A server without an index, on a machine without one."""
    monkeypatch.setattr(Errand, "start", lambda self, again=True: None)
    monkeypatch.setattr("search.worker.close_old_connections", lambda: None)
    fake = FakeServer(tmp_path / "server")
    monkeypatch.setattr(selection, "current_engine", lambda: fake)
    make_case_study("Airway course")
    yield fake
    answering.forget()


def number() -> int:
    return JournalPosition.current().number


def test_it_makes_both_indices_and_then_follows(server, search_index, caplog):
    worker = Worker()
    with caplog.at_level(logging.INFO, "search"):
        worker.look()
        assert server.state().sequence == search_index.state().sequence == number()
        make_case_study("Ultrasound course")
        worker.look()
        assert server.state().sequence == search_index.state().sequence == number()
        worker.look()
    said = [record.getMessage() for record in caplog.records if record.name == "search.worker"]
    assert len(said) == 6
    assert said[0].startswith("server: There is no search index")
    assert said[-1] == "embedded: 1 changed pages taken in."


def test_a_server_that_is_down_keeps_the_stand_in_from_nothing(server, search_index, caplog):
    worker = Worker()
    worker.look()
    server.fault = "refused"
    make_case_study("Ultrasound course")
    with caplog.at_level(logging.INFO, "search"):
        for _ in range(5):
            worker.look()
        assert search_index.state().sequence == number()
        server.fault = ""
        for keeper in worker._keepers.values():
            keeper._next_look = 0
        worker.look()
    assert server.state().sequence == number()
    said = [record.getMessage() for record in caplog.records if "server:" in record.getMessage()]
    assert said[0] == "server: It cannot be used: The connection was refused."
    assert said[-1] == "server: It is used again."
    assert len(said) == 3


def test_an_index_of_another_database_is_made_anew_but_not_for_ever(server, monkeypatch):
    worker = Worker()
    worker.look()
    rebuilds = []
    plain = sync.rebuild
    monkeypatch.setattr(sync, "rebuild", lambda *a, **k: (rebuilds.append(a), plain(*a, **k))[1])
    server.become_stale()
    worker.look()
    assert len(rebuilds) == 1
    assert sync.lag(server) == 0
    for _ in range(5):  # somebody else keeps making it theirs
        server.become_stale()
        worker.look()
    assert len(rebuilds) == 1  # the next only after a pause, and each pause is longer


def test_a_rebuild_is_given_up_when_the_worker_is_asked_to_end(server, monkeypatch):
    worker = Worker()
    plain = sync.rebuild

    def rebuild(*args: Any, **options: Any) -> int:
        worker.stop()
        return plain(*args, **options)

    monkeypatch.setattr(sync, "rebuild", rebuild)
    worker.run()
    with pytest.raises(IndexUnusable):
        server.state()


def test_the_commands_speak_of_both_indices(server, capsys):
    call_command("run_worker", "--once")
    capsys.readouterr()
    call_command("sync_search", "--repair")
    said = capsys.readouterr().out
    assert "server: 0 changed pages taken in." in said
    assert "embedded: 0 changed pages taken in." in said
    call_command("search_status", "--check")
    said = capsys.readouterr().out
    assert "Engine:                   server\n" in said
    assert "Engine:                   embedded (stand-in)\n" in said
    assert "Visitors are answered by: the server" in said
    server.fault = "refused"
    with pytest.raises(CommandError, match="refused"):
        call_command("search_status")
    assert "the stand-in; breakers are open" in capsys.readouterr().out
    with pytest.raises(CommandError, match="server: The connection was refused"):
        call_command("sync_search")
    assert "embedded: 0 changed pages taken in." in capsys.readouterr().out


@pytest.mark.slow
def test_the_process_ends_cleanly_when_it_is_asked_to(tmp_path):
    environment = {**os.environ, "HUB_VAR_DIR": str(tmp_path), "DATABASE_URL": ""}
    environment.pop("DATABASE_URL")
    environment["DJANGO_SETTINGS_MODULE"] = "learning_hub.settings.dev"
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "run_worker"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "The worker follows the journal.\n"
    # There is not even a table: it says so and goes on.
    assert "It is made anew." in worker.stdout.readline()
    assert "could not be brought up to date" in worker.stdout.readline()
    begun = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    rest, _ = worker.communicate(timeout=10)
    assert time.monotonic() - begun < 5
    assert worker.returncode == 0
    assert rest.endswith("The worker has ended.\n")
