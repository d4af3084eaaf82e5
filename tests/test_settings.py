"""Settings come from the environment; a wrong one stops the start with one clear line."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.test import Client

import learning_hub.settings

ROOT = Path(__file__).resolve().parents[1]
SECRET = "mD2v-8Jc0yqEXAMPLE_tq7Rk1sLw9uNz3bFh5gPo4aVi6xTe2dYjKQ"
PRODUCTION = {"HUB_SECRET_KEY": SECRET, "HUB_ALLOWED_HOSTS": "hub.example.org"}

POSTGRES = "postgres://hub:secret@db.example.org:5432/learning_hub?sslmode=verify-full"


def start(
    settings: str, *command: str, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ("check",))],
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


def assert_one_line(started: subprocess.CompletedProcess[str], says: str) -> None:
    assert started.returncode != 0
    assert len(started.stderr.strip().splitlines()) == 1, started.stderr
    assert started.stderr.startswith("Learning Hub cannot start.")
    assert says in started.stderr


Refusal = Callable[[str, Mapping[str, str]], str]


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch) -> Refusal:
    """What ends a process that reads these settings in this environment: read here, anew.

    A process for each would show the same and take a hundred times as long.
    """

    def read(settings: str, environment: Mapping[str, str]) -> str:
        for name in [name for name in os.environ if name.startswith(("HUB_", "DATABASE_"))]:
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(learning_hub, "settings", learning_hub.settings)  # to be put back
        for name in [name for name in sys.modules if name.startswith("learning_hub.settings")]:
            monkeypatch.delitem(sys.modules, name)
        with pytest.raises(SystemExit) as end:
            importlib.import_module(f"learning_hub.settings.{settings}")
        return str(end.value)

    return read


def assert_is_one_line(refused: str, says: str) -> None:
    assert len(refused.splitlines()) == 1, refused
    assert refused.startswith("Learning Hub cannot start.")
    assert says in refused


@pytest.mark.parametrize(
    ("settings", "environment", "says"),
    [
        ("dev", {"HUB_SEARCH_ENGINE": "lucene"}, "HUB_SEARCH_ENGINE"),
        ("production", {"HUB_SECRET_KEY": "too-short"}, "HUB_SECRET_KEY: make one"),
    ],
)
def test_a_command_ends_with_the_line_and_nothing_else(
    settings: str, environment: dict[str, str], says: str
) -> None:
    assert_one_line(start(settings, environment=environment), says)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"HUB_SEARCH_ENGINE": "lucene"}, "HUB_SEARCH_ENGINE"),
        ({"DATABASE_URL": "oracle-of-delphi"}, "DATABASE_URL"),
        ({"HUB_SEARCH_ENGINE": "elasticsearch"}, "HUB_ELASTICSEARCH_URL"),
        ({"HUB_ELASTICSEARCH_URL": "search.example.org:9200"}, "HUB_ELASTICSEARCH_URL"),
        ({"HUB_ELASTICSEARCH_URL": "https://[::1"}, "HUB_ELASTICSEARCH_URL"),
        ({"HUB_ELASTICSEARCH_URL": "http://a:b@host:9200"}, "have their own settings"),
        ({"HUB_ELASTICSEARCH_URL": "http://a:9200,https://b:9200"}, "for all"),
        ({"HUB_ELASTICSEARCH_USERNAME": "hub"}, "HUB_ELASTICSEARCH_PASSWORD"),
        ({"HUB_ELASTICSEARCH_PASSWORD": "secret"}, "HUB_ELASTICSEARCH_USERNAME"),
        ({"HUB_ELASTICSEARCH_CA": "/no/such/file.pem"}, "HUB_ELASTICSEARCH_CA"),
        ({"HUB_ELASTICSEARCH_INDEX": "Learning Hub"}, "HUB_ELASTICSEARCH_INDEX"),
        ({"HUB_ELASTICSEARCH_SHARDS": "0"}, "HUB_ELASTICSEARCH_SHARDS"),
        ({"HUB_ELASTICSEARCH_REPLICAS": "-1"}, "HUB_ELASTICSEARCH_REPLICAS"),
        (
            {
                "HUB_ELASTICSEARCH_USERNAME": "hub",
                "HUB_ELASTICSEARCH_PASSWORD": "secret",
                "HUB_ELASTICSEARCH_API_KEY": "key",
            },
            "HUB_ELASTICSEARCH_API_KEY",
        ),
        (
            {"HUB_ELASTICSEARCH_CA": __file__, "HUB_ELASTICSEARCH_URL": "http://a:9200"},
            "https:// addresses only",
        ),
        ({"DATABASE_URL": "mysql://hub@localhost/hub"}, "DATABASE_URL: use postgres://"),
        ({"DATABASE_URL": "postgres://db.example.org:99999/hub"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://db.example.org:5432/"}, "DATABASE_URL"),
        ({"DATABASE_URL": POSTGRES, "HUB_DATABASE_POOL": "many"}, "HUB_DATABASE_POOL"),
        ({"DATABASE_URL": POSTGRES, "HUB_DATABASE_POOL": "-1"}, "HUB_DATABASE_POOL"),
        (
            {"DATABASE_URL": POSTGRES, "HUB_DATABASE_STATEMENT_TIMEOUT": "1d"},
            "HUB_DATABASE_STATEMENT_TIMEOUT",
        ),
        ({"DATABASE_URL": POSTGRES, "HUB_DATABASE_POOLER": "yes?"}, "HUB_DATABASE_POOLER"),
        ({"HUB_DEBUG": "perhaps"}, "HUB_DEBUG"),
        ({"HUB_METRICS_ALLOWED": "10.0.0.0/8,home"}, "HUB_METRICS_ALLOWED"),
        ({"HUB_VAR_DIR": "/dev/null/var"}, "HUB_VAR_DIR"),
        ({"HUB_MEDIA_STORAGE": "ftp://bucket"}, "HUB_MEDIA_STORAGE: use s3://bucket"),
        ({"HUB_MEDIA_STORAGE": "s3:///folder"}, "HUB_MEDIA_STORAGE: use s3://bucket"),
        ({"HUB_MEDIA_STORAGE": "s3://key:secret@bucket"}, "HUB_MEDIA_STORAGE: use s3://bucket"),
        ({"HUB_MEDIA_STORAGE": "s3://bucket?zone=2"}, "HUB_MEDIA_STORAGE: “zone” is not known"),
        ({"HUB_MEDIA_STORAGE": "s3://bucket?endpoint=minio:9000"}, "the endpoint begins with"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    refusal: Refusal, environment: dict[str, str], says: str
) -> None:
    assert_is_one_line(refusal("dev", environment), says)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"HUB_SECRET_KEY": None}, "HUB_SECRET_KEY"),
        ({"HUB_SECRET_KEY": "too-short"}, "HUB_SECRET_KEY: make one"),
        ({"HUB_SECRET_KEY": "s" * 60}, "HUB_SECRET_KEY: make one"),
        ({"HUB_ALLOWED_HOSTS": None}, "HUB_ALLOWED_HOSTS"),
        ({"HUB_ALLOWED_HOSTS": ""}, "HUB_ALLOWED_HOSTS: name at least one"),
        ({"HUB_ALLOWED_HOSTS": "*"}, "HUB_ALLOWED_HOSTS: “*” is no host name"),
        ({"HUB_ALLOWED_HOSTS": "https://hub.example.org"}, "HUB_ALLOWED_HOSTS"),
        ({"HUB_ALLOWED_HOSTS": "hub.example.org:8000"}, "without https:// and port"),
        ({"HUB_ALLOWED_HOSTS": "hub.example.org,,"}, "HUB_ALLOWED_HOSTS"),
        ({"HUB_BASE_URL": "hub.example.org"}, "HUB_BASE_URL"),
        ({"HUB_BASE_URL": "https://hub.example.org/hub"}, "HUB_BASE_URL"),
        ({"HUB_TRUSTED_PROXIES": "one"}, "HUB_TRUSTED_PROXIES"),
        ({"HUB_TRUSTED_PROXIES": "-1"}, "HUB_TRUSTED_PROXIES: -1 is too small"),
        ({"HUB_SSL_REDIRECT": "perhaps"}, "HUB_SSL_REDIRECT"),
        ({"HUB_LOG_FORMAT": "xml"}, "HUB_LOG_FORMAT"),
        ({"HUB_EMAIL_URL": "pigeon://loft"}, "HUB_EMAIL_URL"),
        ({"HUB_FROM_EMAIL": "Learning Hub"}, "HUB_FROM_EMAIL: “Learning Hub” has no mail address"),
        ({"DATABASE_URL": "mysql://hub@localhost/hub"}, "DATABASE_URL"),
        ({"HUB_VAR_DIR": "/dev/null/var"}, "HUB_VAR_DIR"),
        ({"HUB_MEDIA_STORAGE": "bucket"}, "HUB_MEDIA_STORAGE"),
    ],
)
def test_a_wrong_or_missing_setting_of_production_stops_the_start_with_one_line(
    refusal: Refusal, environment: dict[str, str | None], says: str
) -> None:
    given = {key: value for key, value in (PRODUCTION | environment).items() if value is not None}
    assert_is_one_line(refusal("production", given), says)


def test_a_missing_package_is_named_by_the_lock_that_has_it(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'storages' else find(name, *a)\n"
    )
    given = {"HUB_MEDIA_STORAGE": "s3://bucket", "PYTHONPATH": str(tmp_path)}
    assert_one_line(start("dev", environment=given), "requirements/object-storage.lock")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "HUB_ALLOWED_HOSTS": ".example.org,[::1]",
            "HUB_BASE_URL": "https://hub.example.org",
            "HUB_EMAIL_URL": "submission://hub:secret@mail.example.org",
            "HUB_FROM_EMAIL": "Learning Hub <hub@example.org>",
            "HUB_TRUSTED_PROXIES": "1",
            "DATABASE_URL": "postgres://hub:secret@db.example.org/hub?sslmode=require",
            "HUB_MEDIA_STORAGE": "s3://hub-media/site?region=eu-west-2",
        },
    ],
)
def test_a_production_site_passes_the_deployment_checks_without_a_warning(
    more: dict[str, str],
) -> None:
    command = ("check", "--deploy", "--fail-level", "WARNING")
    started = start("production", *command, environment=PRODUCTION | more)
    assert started.returncode == 0, started.stderr
    assert "no issues" in started.stdout
    assert started.stderr == ""


@pytest.mark.django_db
def test_no_page_can_be_framed_but_a_preview(admin_client: Client) -> None:
    assert admin_client.get("/")["X-Frame-Options"] == "DENY"
    preview = admin_client.get("/admin/pages/3/edit/preview/")
    assert preview.status_code == 200
    assert preview["X-Frame-Options"] == "SAMEORIGIN"


def test_a_wrong_address_never_shows_the_password_in_it() -> None:
    started = start(
        "dev", environment={"HUB_ELASTICSEARCH_URL": "http://hub:open-sesame@host:9200"}
    )
    assert started.returncode != 0
    assert "open-sesame" not in started.stderr + started.stdout
