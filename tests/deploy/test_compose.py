"""compose.yaml, as far as it can be tried without Docker."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.deploy.compose import LOCAL, LacksVariable, compose, services
from tests.servers.elasticsearch import program

LASTING = {"web", "worker", "postgres", "elasticsearch"}
ONCE = {"upgrade", "certificates"}
OURS = {"web", "worker", "upgrade"}
# Of the Compose specification: what we use, and no other word, so that a slip is seen.
SERVICE_KEYS = {
    *("image", "build", "init", "restart", "security_opt", "environment", "volumes"),
    *("command", "ports", "depends_on", "healthcheck"),
}
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period"}
DURATION = re.compile(r"\d+(s|m)")
READ_BY_OTHERS = {"PROMETHEUS_MULTIPROC_DIR", "DJANGO_SETTINGS_MODULE"}


def test_every_service_is_there_and_in_words_that_compose_knows() -> None:
    whole = compose()
    assert set(whole) == {"name", "x-site", "services", "volumes"}
    assert set(whole["services"]) == LASTING | ONCE
    for name, service in whole["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert isinstance(service["image"], str)
        assert all(isinstance(value, str) for value in service.get("environment", {}).values())


def test_what_lasts_has_a_health_check_and_starts_again_and_what_runs_once_does_not() -> None:
    for name, service in services().items():
        if name in ONCE:
            assert service["healthcheck"] == {"disable": True}
            assert service["restart"] == "no"
            continue
        health = service["healthcheck"]
        assert set(health) == HEALTH_KEYS
        assert health["test"][0] in {"CMD", "CMD-SHELL"}
        durations = [health[key] for key in ("interval", "timeout", "start_period")]
        assert all(DURATION.fullmatch(duration) for duration in durations)
        assert service["restart"] == "unless-stopped"


def test_nobody_starts_before_what_it_needs() -> None:
    """What lasts must be healthy, what runs once must have ended well."""
    waits = {name: service.get("depends_on", {}) for name, service in services().items()}
    for needs in waits.values():
        for other, how in needs.items():
            ended = "service_completed_successfully" if other in ONCE else "service_healthy"
            assert how == {"condition": ended}
    for name in ("web", "worker"):
        reached, todo = set(), [name]
        while todo:
            reached.add(current := todo.pop())
            todo += waits[current]
        assert reached == {name, "upgrade", "postgres", "elasticsearch", "certificates"}


def test_every_volume_is_named_and_used() -> None:
    used = {
        volume.split(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
    }
    assert used == set(compose()["volumes"])


def test_what_the_site_writes_is_in_a_volume_that_web_and_worker_share() -> None:
    kept = {"/srv/learning-hub/var/media", "/srv/learning-hub/var/search-index"}
    kept.add("/srv/learning-hub/var/issuer-keys")
    for name in OURS:
        assert kept <= {volume.split(":")[1] for volume in services()[name]["volumes"]}


def test_nothing_is_reached_from_outside_but_the_web_server_from_this_machine() -> None:
    ports = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("name", LOCAL)
def test_a_secret_that_is_missing_is_named_and_none_is_written_down(name: str) -> None:
    with pytest.raises(LacksVariable, match=rf"{name}: \w+"):
        compose({key: value for key, value in LOCAL.items() if key != name})


def test_elasticsearch_is_the_version_of_the_tests_and_has_its_security_on() -> None:
    service = services()["elasticsearch"]
    assert service["image"] == f"elasticsearch:{program.version()}"
    assert service["environment"]["xpack.security.enabled"] == "true"
    assert service["environment"]["xpack.security.http.ssl.enabled"] == "true"
    assert services()["web"]["environment"]["HUB_ELASTICSEARCH_URL"].startswith("https://")


def test_no_image_is_from_a_registry_that_is_named() -> None:
    images = {service["image"] for service in services().values()}
    assert all(re.fullmatch(r"[a-z-]+(:[\w.-]+)?", image) for image in images)


def _names_that_are_read() -> set[str]:
    settings = sorted((ROOT / "learning_hub/settings").glob("*.py"))
    text = "".join(path.read_text() for path in [*settings, ROOT / "gunicorn.conf.py"])
    return set(re.findall(r"\(\s*\"((?:HUB_|DATABASE_|PROMETHEUS_)\w+)\"", text))


def test_every_name_that_it_sets_is_read_by_the_site() -> None:
    named = {name for service in OURS for name in services()[service]["environment"]}
    image = re.findall(r"^(?:ENV| ) +(\w+)=", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    named |= {name for name in image if name.startswith("HUB_")}
    assert named - READ_BY_OTHERS <= _names_that_are_read()


def test_the_settings_take_what_it_sets(tmp_path: Path) -> None:
    authority = tmp_path / "ca.crt"
    subprocess.run(["sh", ROOT / "deploy/certificates.sh", tmp_path, "elasticsearch"], check=True)
    environment = {**os.environ, **services()["web"]["environment"]}
    environment |= {"HUB_VAR_DIR": str(tmp_path), "HUB_ELASTICSEARCH_CA": str(authority)}
    done = subprocess.run(
        [sys.executable, "-c", "from learning_hub.settings import production"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "command", [services()[name]["command"][2] for name in ("worker", "upgrade")]
)
def test_the_commands_that_it_runs_are_there(command: str) -> None:
    assert list(ROOT.glob(f"**/management/commands/{command}.py"))
