"""Settings come from the environment; a wrong one stops the start with one clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


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
        ("dev", {"HUB_METRICS_ALLOWED": "10.0.0.0/8,home"}, "HUB_METRICS_ALLOWED"),
        (
            "production",
            {"HUB_SECRET_KEY": "s" * 60, "HUB_ALLOWED_HOSTS": "h.example", "HUB_LOG_FORMAT": "xml"},
            "HUB_LOG_FORMAT",
        ),
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
