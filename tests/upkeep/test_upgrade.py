"""One command after a new version is installed: it does what is needed, or stops."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from learning_hub.upkeep import upgrading
from learning_hub.upkeep.refusal import Refused
from learning_hub.upkeep.single import alone
from search import sync
from search.engines.protocol import Engine
from search.models import JournalPosition
from tests.durability.site import ROOT, Site
from tests.upkeep.conftest import SiteMaker
from tests.upkeep.whole_site import execute

pytestmark = pytest.mark.embedded_only
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "learning_hub.settings.production",
    "HUB_SECRET_KEY": "mD2v-8Jc0yqEXAMPLE_tq7Rk1sLw9uNz3bFh5gPo4aVi6xTe2dYjKQ",
    "HUB_ALLOWED_HOSTS": "hub.example.org",
}
# As `migrate search 0002` would, without a start for it.
ONE_VERSION_BACK = (
    "ALTER TABLE search_searchchange DROP COLUMN noted_at",
    "DELETE FROM django_migrations WHERE app = 'search' AND name LIKE '0003_%'",
)


def at_once(site: Site, number: int) -> list[tuple[int, str]]:
    """What upgrades that start together end with and say."""
    started = [
        subprocess.Popen(
            [sys.executable, "manage.py", "upgrade"],
            cwd=ROOT,
            env=site.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(number)
    ]
    said = [each.communicate()[0] for each in started]
    return [(each.returncode, text) for each, text in zip(started, said, strict=True)]


def test_two_machines_upgrade_at_once_and_each_step_is_taken_once(make_site: SiteMaker) -> None:
    site = make_site("first", **PRODUCTION)
    execute(site, *ONE_VERSION_BACK)
    ended = at_once(site, 2)
    assert [code for code, _ in ended] == [0, 0], ended
    first, second = sorted((text for _, text in ended), key=lambda text: "waiting for it" in text)
    assert first.count("to apply: ") == 1
    assert "to apply: search.0003_when_changes_were_noted" in first
    assert "It is made anew" in first
    assert "waiting for it" in second
    assert "nothing to apply" in second
    assert "the index fits" in second
    assert len(list((site.folder / "static" / "css").glob("hub.*.css"))) == 1


def test_an_empty_site_is_set_up_by_the_same_command(sqlite_site: SiteMaker) -> None:
    site = sqlite_site("empty", is_migrated=False, **PRODUCTION)
    [(code, said)] = at_once(site, 1)
    assert code == 0, said
    assert "to apply: search.0001_initial" in said
    assert "Done. Reload the web server" in said


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def upgrade(
    search_index: Engine, said: list[str], monkeypatch: pytest.MonkeyPatch, db: None
) -> Callable[[], None]:
    """The upgrade of a site that is up to date, without what needs a process of its own."""
    monkeypatch.setattr(upgrading, "_collect", lambda tell: None)
    JournalPosition.objects.get_or_create(pk=1)
    sync.rebuild()
    return lambda: upgrading.upgrade(said.append)


def marker(settings: Any) -> Path:
    return Path(settings.HUB_SEARCH_INDEX_DIR) / "marker.json"


def test_nothing_is_done_where_nothing_is_to_do(
    upgrade: Callable[[], None], said: list[str], settings: Any
) -> None:
    before = marker(settings).read_text()
    upgrade()
    upgrade()
    assert "  nothing to apply" in said
    assert any("the index fits; 0 changed pages" in line for line in said)
    assert not any("made anew" in line for line in said)
    assert marker(settings).read_text() == before


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("fingerprint", "of-an-older-version", "made by another version"),
        ("history", "11111111-1111-1111-1111-111111111111", "another state of the database"),
        ("sequence", 999_999, "another state of the database"),
    ],
)
def test_an_index_that_does_not_fit_is_made_anew(
    upgrade: Callable[[], None], said: list[str], settings: Any, key: str, value: Any, says: str
) -> None:
    told = json.loads(marker(settings).read_text())
    marker(settings).write_text(json.dumps({**told, key: value}))
    upgrade()
    assert any(says in line and "made anew" in line for line in said), said
    renewed = json.loads(marker(settings).read_text())
    assert renewed[key] == told[key]
    assert renewed["generation"] != told["generation"]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("_check", SystemExit("HUB_X is wrong\nand more")),
        ("preflight", ValueError("the server refuses the password")),
        ("_migrate", RuntimeError("table exists already")),
        ("_collect", OSError("no space left")),
    ],
)
def test_a_step_that_fails_stops_the_upgrade_and_leaves_the_index_alone(
    upgrade: Callable[[], None],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    problem: BaseException,
) -> None:
    told = json.loads(marker(settings).read_text())
    marker(settings).write_text(json.dumps({**told, "fingerprint": "older"}))
    before = marker(settings).read_text()

    def fail(*args: Any, **options: Any) -> None:
        raise problem

    monkeypatch.setattr(upgrading, step, fail)
    with pytest.raises(CommandError) as stopped:
        call_command("upgrade")
    assert " ".join(str(problem).split()) in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert marker(settings).read_text() == before


def test_a_rebuild_that_fails_leaves_the_old_index(
    upgrade: Callable[[], None], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.loads(marker(settings).read_text())
    marker(settings).write_text(json.dumps({**told, "fingerprint": "older"}))
    before = marker(settings).read_text()

    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("a page cannot be read")

    monkeypatch.setattr("search.registry.batches", fail)
    with pytest.raises(CommandError, match="Bring search up to date: a page cannot be read"):
        call_command("upgrade")
    assert marker(settings).read_text() == before
    assert (Path(settings.HUB_SEARCH_INDEX_DIR) / told["generation"]).is_dir()


@pytest.mark.django_db
def test_who_comes_second_waits_and_gives_up_in_time(said: list[str]) -> None:
    with (
        alone(said.append),
        pytest.raises(Refused, match="still running"),
        alone(said.append, timeout=0.1),
    ):
        pass
    assert said == ["Another upgrade or restore is running; waiting for it."]
    with alone(said.append):
        pass
