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
        ("dev", {"HUB_DEBUG": "perhaps"}, "HUB_DEBUG"),
        ("dev", {"HUB_SEARCH_ENGINE": "elasticsearch"}, "HUB_ELASTICSEARCH_URL"),
        ("dev", {"HUB_ELASTICSEARCH_URL": "search.example.org:9200"}, "HUB_ELASTICSEARCH_URL"),
        ("dev", {"HUB_ELASTICSEARCH_URL": "https://[::1"}, "HUB_ELASTICSEARCH_URL"),
        ("dev", {"HUB_ELASTICSEARCH_URL": "http://a:b@host:9200"}, "have their own settings"),
        ("dev", {"HUB_ELASTICSEARCH_URL": "http://a:9200,https://b:9200"}, "for all"),
        ("dev", {"HUB_ELASTICSEARCH_USERNAME": "hub"}, "HUB_ELASTICSEARCH_PASSWORD"),
        ("dev", {"HUB_ELASTICSEARCH_PASSWORD": "secret"}, "HUB_ELASTICSEARCH_USERNAME"),
        (
            "dev",
            {
                "HUB_ELASTICSEARCH_USERNAME": "hub",
                "HUB_ELASTICSEARCH_PASSWORD": "secret",
                "HUB_ELASTICSEARCH_API_KEY": "key",
            },
            "HUB_ELASTICSEARCH_API_KEY",
        ),
        ("dev", {"HUB_ELASTICSEARCH_CA": "/no/such/file.pem"}, "HUB_ELASTICSEARCH_CA"),
        (
            "dev",
            {"HUB_ELASTICSEARCH_CA": __file__, "HUB_ELASTICSEARCH_URL": "http://a:9200"},
            "https:// addresses only",
        ),
        ("dev", {"HUB_ELASTICSEARCH_INDEX": "Learning Hub"}, "HUB_ELASTICSEARCH_INDEX"),
        ("dev", {"HUB_ELASTICSEARCH_SHARDS": "0"}, "HUB_ELASTICSEARCH_SHARDS"),
        ("dev", {"HUB_ELASTICSEARCH_REPLICAS": "-1"}, "HUB_ELASTICSEARCH_REPLICAS"),
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


def test_a_wrong_address_never_shows_the_password_in_it() -> None:
    started = start("dev", HUB_ELASTICSEARCH_URL="http://hub:open-sesame@host:9200")
    assert "open-sesame" not in started.stderr + started.stdout
