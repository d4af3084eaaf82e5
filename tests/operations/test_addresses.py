"""/healthz, /readyz and /metrics answer those who watch the site, and tell nobody else much."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning_hub.operations import checks, metrics, readiness
from learning_hub.operations.readiness import Finding

OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Checks run in the test's own thread, which has its transaction."""

    def findings() -> dict[str, Finding]:
        return {name: readiness.finding_of(check) for name, check in readiness._checks.items()}

    monkeypatch.setattr(readiness, "_findings", findings)
    readiness.forget()
    yield
    readiness.forget()


def test_healthz_looks_nothing_up(client: Client) -> None:
    # No database is allowed in this test at all.
    response = client.get("/healthz", HTTP_HOST="10.0.0.7:8000")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "Set-Cookie" not in response.headers
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.embedded_only
@pytest.mark.usefixtures("db", "search_index", "inline")
def test_readyz_tells_everything_to_monitoring_and_a_word_to_others(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    told = response.json()
    assert set(told["checks"]) == {"database", "migrations", "disk", "search", "stand_in"}
    assert told["version"]
    search = told["checks"]["search"]
    assert (search["engine"], search["breaker"]) == ("embedded", "none")
    assert "There is no search index" in search["said"]
    assert told["status"] == "degraded"
    response = client.get("/readyz", **OUTSIDE)
    assert (response.status_code, response.json()) == (200, {"status": "degraded"})


@pytest.mark.usefixtures("db", "search_index", "inline")
def test_a_site_whose_parts_are_all_well_is_ready(client: Client, search_index: Any) -> None:
    from search import sync  # noqa: PLC0415

    sync.rebuild()
    told = client.get("/readyz").json()
    assert told["status"] == "ready"
    assert told["checks"]["search"]["lag_changes"] == 0


@pytest.mark.usefixtures("inline")
def test_without_a_database_it_is_not_ready(client: Client, monkeypatch) -> None:
    def down() -> Finding:
        raise OSError("postgres://hub:secret@db.example.org is down")

    monkeypatch.setitem(readiness._checks, "database", down)
    response = client.get("/readyz")
    assert response.status_code == 503
    told = response.json()
    assert told["status"] == "not ready"
    assert told["checks"]["database"]["said"] == "It could not be checked: OSError."
    assert b"secret" not in response.content
    assert client.get("/readyz", **OUTSIDE).json() == {"status": "not ready"}


def test_a_check_that_hangs_is_told_in_time_and_started_once(monkeypatch) -> None:
    begun: list[int] = []
    told = threading.Event()

    def hang() -> Finding:
        begun.append(1)
        assert told.wait(60), "who asks has waited for this one"
        return Finding(True, "late")

    monkeypatch.setattr(readiness, "_checks", {"slow": hang})
    monkeypatch.setattr(readiness, "_running", {})
    monkeypatch.setattr(readiness, "SECONDS_A_CHECK", 0.1)
    waits: list[float] = []
    found = readiness._Attempt.found

    def noted(attempt: readiness._Attempt, timeout: float) -> Finding:
        waits.append(timeout)
        return found(attempt, timeout)

    monkeypatch.setattr(readiness._Attempt, "found", noted)
    for _ in range(3):
        assert not readiness._findings()["slow"].is_well
    assert begun == [1]
    assert len(waits) == 3
    assert max(waits) <= 0.1
    told.set()
    assert readiness._running["slow"].found(60).is_well


def test_a_secret_in_a_sentence_is_not_told() -> None:
    finding = Finding(False, "https://elastic:hunter2@search.example.org:9200 refused")
    report = readiness.Report({"search": finding}, frozenset())
    assert "hunter2" not in str(report.in_detail())
    assert "elastic:" not in str(report.in_detail())


def test_a_migration_that_is_missing_is_told(db, monkeypatch) -> None:
    monkeypatch.setattr(checks, "_is_migrated", False)
    monkeypatch.setattr(
        checks.MigrationExecutor, "migration_plan", lambda *_: ["search.0003"], raising=True
    )
    found = checks.migrations()
    assert (found.is_well, found.facts) == (False, {"missing": 1})


def test_a_disk_that_cannot_be_written_to_is_told(settings, tmp_path) -> None:
    assert checks.disk().is_well
    settings.VAR_DIR = tmp_path
    tmp_path.chmod(0o500)
    if os.geteuid() != 0:
        assert not checks.disk().is_well
    settings.VAR_DIR = "/proc"
    assert not checks.disk().is_well


@pytest.mark.parametrize(
    ("caller", "proxies", "is_inside"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 0, True),
        ({"REMOTE_ADDR": "::1"}, 0, True),
        ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, 0, True),
        (OUTSIDE, 0, False),
        # A proxy on this machine, of which the settings know nothing, speaks for anyone.
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 0, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}, 0, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 1, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1, 203.0.113.9"}, 1, False),
        ({"REMOTE_ADDR": "10.1.1.1", "HTTP_X_FORWARDED_FOR": "9.9.9.9, 127.0.0.1"}, 1, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 2, False),
        ({"REMOTE_ADDR": ""}, 0, False),
        ({**OUTSIDE, "HTTP_AUTHORIZATION": "Bearer let-me-in-please"}, 0, True),
        ({**OUTSIDE, "HTTP_AUTHORIZATION": "Bearer let-me-in"}, 0, False),
        ({**OUTSIDE, "HTTP_AUTHORIZATION": "Bearer "}, 0, False),
    ],
)
def test_metrics_are_for_monitoring_alone(
    client: Client, settings: Any, db: None, caller: dict[str, str], proxies: int, is_inside: bool
) -> None:
    settings.HUB_METRICS_TOKEN = "let-me-in-please"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    response = client.get("/metrics", **caller)
    assert response.status_code == (200 if is_inside else 404)
    assert (b"hub_" in response.content) is is_inside


def test_without_a_token_no_bearer_opens_the_metrics(client: Client, db: None) -> None:
    response = client.get("/metrics", **OUTSIDE, HTTP_AUTHORIZATION="Bearer ")
    assert response.status_code == 404


@pytest.mark.embedded_only
@pytest.mark.usefixtures("search_index")
def test_what_is_counted_can_be_read(client: Client, db: None) -> None:
    assert client.get("/search/?q=airway").status_code == 200
    assert client.get("/nowhere/at-all/").status_code == 404
    assert client.generic("BREW", "/search/").status_code == 405
    text = client.get("/metrics").content.decode()
    for line in (
        'hub_request_seconds_count{method="GET",status="2xx",view="site_search"}',
        'hub_request_seconds_count{method="other",status="4xx",view="site_search"}',
        'hub_search_seconds_count{engine="embedded",kind="search"}',
        "hub_search_breaker_open 0.0",
        "hub_search_journal_number ",
        'hub_search_index_usable{engine="embedded"} 1.0',
        'hub_search_index_lag_changes{engine="embedded"} 0.0',
        'hub_search_index_lag_seconds{engine="embedded"} 0.0',
        "hub_readings_failed 0.0",
    ):
        assert line in text, line
    assert "airway" not in text


def test_one_reading_that_fails_leaves_the_others(monkeypatch) -> None:
    def fail() -> Iterator[Any]:
        raise OSError("the database is down")

    monkeypatch.setattr(metrics, "_readings", [fail])
    assert b"hub_readings_failed 1.0" in metrics.exposition()


def test_metrics_cost_few_queries(client: Client, db: None, search_index: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/metrics").status_code == 200
    assert len(captured) <= 3


@pytest.mark.slow
def test_the_numbers_of_several_processes_are_added_up(tmp_path: Path) -> None:
    count = (
        "from learning_hub.operations import metrics;"
        "metrics.observe(view='home', method='GET', status=200, seconds=0.1);"
        "print(metrics.exposition().decode())"
    )
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-c", count],
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert 'hub_request_seconds_count{method="GET",status="2xx",view="home"} 2.0' in said
