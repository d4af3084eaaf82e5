"""How the site holds on to its database, and how long it waits for it."""

from __future__ import annotations

from typing import Any

import pytest

from learning_hub.settings import database_server
from tests.test_settings import POSTGRES


def database(monkeypatch: pytest.MonkeyPatch, url: str = POSTGRES, **given: str) -> dict[str, Any]:
    """The database's settings by these words of the environment."""
    for name, value in {"DATABASE_URL": url, **given}.items():
        monkeypatch.setenv(name, value)
    return database_server.database("DATABASE_URL", default="")


def test_a_thread_keeps_its_connection_and_waits_for_nobody_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = database(monkeypatch)
    assert settings["NAME"] == "learning_hub"
    assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (600, True)
    options = settings["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["options"] == "-c jit=off -c timezone=UTC -c statement_timeout=30s"
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
    assert options["options"] == "-c jit=off -c search_path=hub -c timezone=UTC"


def test_sqlite_keeps_its_guarantees(monkeypatch: pytest.MonkeyPatch) -> None:
    options = database(monkeypatch, "sqlite:////srv/hub/hub.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
