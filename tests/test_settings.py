"""Settings come from the environment; a wrong one stops the start with one clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from learning_hub.settings import environment

ROOT = Path(__file__).resolve().parents[1]

POSTGRES = "postgres://hub:secret@db.example.org:5432/learning_hub?sslmode=verify-full"


def start(settings: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": f"learning_hub.settings.{settings}",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("settings", "environment", "says"),
    [
        ("production", {"HUB_ALLOWED_HOSTS": "hub.example.org"}, "HUB_SECRET_KEY"),
        ("production", {"HUB_SECRET_KEY": "s" * 60}, "HUB_ALLOWED_HOSTS"),
        ("dev", {"HUB_SEARCH_ENGINE": "lucene"}, "HUB_SEARCH_ENGINE"),
        ("dev", {"DATABASE_URL": "oracle-of-delphi"}, "DATABASE_URL"),
        ("dev", {"DATABASE_URL": "mysql://hub@db.example.org/hub"}, "DATABASE_URL"),
        ("dev", {"DATABASE_URL": "postgres://db.example.org:99999/hub"}, "DATABASE_URL"),
        ("dev", {"DATABASE_URL": "postgres://db.example.org:5432/"}, "DATABASE_URL"),
        ("dev", {"DATABASE_URL": POSTGRES, "HUB_DATABASE_POOL": "many"}, "HUB_DATABASE_POOL"),
        ("dev", {"DATABASE_URL": POSTGRES, "HUB_DATABASE_POOL": "-1"}, "HUB_DATABASE_POOL"),
        (
            "dev",
            {"DATABASE_URL": POSTGRES, "HUB_DATABASE_STATEMENT_TIMEOUT": "1d"},
            "HUB_DATABASE_STATEMENT_TIMEOUT",
        ),
        ("dev", {"DATABASE_URL": POSTGRES, "HUB_DATABASE_POOLER": "yes?"}, "HUB_DATABASE_POOLER"),
        ("dev", {"HUB_DEBUG": "perhaps"}, "HUB_DEBUG"),
    ],
)
def test_a_wrong_or_missing_setting_stops_the_start_with_one_line(
    settings: str, environment: dict[str, str], says: str
) -> None:
    started = start(settings, **environment)
    assert started.returncode != 0
    assert len(started.stderr.strip().splitlines()) == 1
    assert started.stderr.startswith("Learning Hub cannot start.")
    assert says in started.stderr


def test_a_production_site_with_its_settings_starts() -> None:
    started = start("production", HUB_SECRET_KEY="s" * 60, HUB_ALLOWED_HOSTS="hub.example.org")
    assert started.returncode == 0, started.stderr


def database(monkeypatch: pytest.MonkeyPatch, url: str = POSTGRES, **given: str) -> dict[str, Any]:
    """The database's settings by these words of the environment."""
    for name, value in {"DATABASE_URL": url, **given}.items():
        monkeypatch.setenv(name, value)
    return environment.database("DATABASE_URL", default="")


def test_a_thread_keeps_its_connection_and_waits_for_nobody_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = database(monkeypatch)
    assert settings["NAME"] == "learning_hub"
    assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (600, True)
    options = settings["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["options"] == "-c timezone=UTC -c statement_timeout=30s"
    assert 0 < options["connect_timeout"] <= 5
    assert "pool" not in options


def test_a_pool_takes_the_place_of_kept_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = database(monkeypatch, HUB_DATABASE_POOL="3")
    assert settings["CONN_MAX_AGE"] == 0  # Django refuses both at once
    assert settings["OPTIONS"]["pool"]["max_size"] == 3


def test_behind_a_pooler_nothing_is_bound_to_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = database(monkeypatch, HUB_DATABASE_POOLER="true")
    assert settings["DISABLE_SERVER_SIDE_CURSORS"]
    assert "options" not in settings["OPTIONS"]
    assert settings["OPTIONS"].get("prepare_threshold") is None


def test_an_address_may_say_more_than_we_do(monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"{POSTGRES}&connect_timeout=2&options=-c%20search_path%3Dhub"
    options = database(monkeypatch, url, HUB_DATABASE_STATEMENT_TIMEOUT="0")["OPTIONS"]
    assert options["connect_timeout"] == 2
    assert options["options"] == "-c search_path=hub -c timezone=UTC"


def test_sqlite_keeps_its_guarantees(monkeypatch: pytest.MonkeyPatch) -> None:
    options = database(monkeypatch, "sqlite:////srv/hub/hub.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
