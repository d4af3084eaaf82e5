"""A backup is one state of the site, and restored it is that site again, on either database."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.durability.site import ROOT, Site
from tests.upkeep import bucket
from tests.upkeep.conftest import ManagerMaker, SiteMaker
from tests.upkeep.manager import Manager
from tests.upkeep.whole_site import all_rows, execute, files

KILLS = 6
SOMEBODY_WAITS = """
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE datname = current_database() AND NOT granted
"""
LATER = "INSERT INTO taggit_tag (id, name, slug) VALUES (77, 'Later', 'later')"


@pytest.fixture
def site(make_site: SiteMaker) -> Site:
    """A site with records, a certificate and files."""
    return make_site("first")


@pytest.fixture
def manager(site: Site, manager_of: ManagerMaker) -> Manager:
    started = manager_of(site)
    started.ask("furnish")
    return started


@pytest.fixture
def other(make_site: SiteMaker) -> Site:
    """A site that has no tables yet."""
    return make_site("second", is_migrated=False)


@pytest.fixture
def other_manager(other: Site, manager_of: ManagerMaker) -> Manager:
    return manager_of(other)


def history(site: Site) -> str:
    [(history,)] = site.rows("SELECT history FROM search_journalposition")
    return str(history)


def test_a_restored_backup_is_the_same_site(
    site: Site, other: Site, other_manager: Manager, manager: Manager, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    assert "private issuer keys are in it" in manager.done("backup", str(backup), "--with-keys")
    for path in [backup, *backup.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    assert "The search index holds" in other_manager.done("restore", str(backup))
    assert all_rows(other) == all_rows(site)
    assert len(all_rows(site)) > 80
    assert files(other.folder / "media") == files(site.folder / "media")
    assert len(files(site.folder / "media")) == 3
    before, after = manager.ask("testimony"), other_manager.ask("testimony")
    assert after == before
    assert len(before["verified"]) == len(before["private"]) == 1
    assert before["documents"]
    assert history(other) != history(site)
    # The database refuses changes of records as before.
    with pytest.raises(Exception, match="records are append-only"):
        execute(other, "DELETE FROM syllabus_certificate")


def test_a_site_in_use_is_replaced_only_when_told_to(
    site: Site, manager: Manager, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    assert "are not in it" in manager.done("backup", str(backup))
    assert not (backup / "keys").exists()
    saved, media = all_rows(site), files(site.folder / "media")
    execute(site, LATER, "CREATE TABLE of_a_newer_version (n integer)")
    surplus = site.folder / "media" / "documents" / "later.txt"
    surplus.write_text("later")
    (site.folder / "media" / "documents" / "notes.txt").write_text("changed")
    later, changed = all_rows(site), files(site.folder / "media")
    said = manager.refused("restore", str(backup))
    assert "the site has accounts, pages or files. With --replace" in said
    assert (all_rows(site), files(site.folder / "media")) == (later, changed)
    assert "not empty" in manager.refused("backup", str(backup))
    manager.done("restore", str(backup), "--replace")
    assert (all_rows(site), files(site.folder / "media")) == (saved, media)


def migrations(site: Site) -> list[tuple[str, str]]:
    return sorted(site.rows("SELECT app, name FROM django_migrations"))


def test_a_backup_of_an_older_version_is_migrated(
    site: Site, other: Site, other_manager: Manager, manager: Manager, tmp_path: Path
) -> None:
    newest, backup = migrations(site), tmp_path / "backup"
    manager.done("migrate", "search", "0002")
    saved = all_rows(site)
    manager.done("backup", str(backup))
    assert ("search", "0003_when_changes_were_noted") not in migrations(site)
    manager.done("migrate")
    execute(site, LATER)
    other_manager.done("restore", str(backup))  # into an empty site
    manager.done("restore", str(backup), "--replace")  # in the place of a newer one
    for restored in (site, other):
        assert migrations(restored) == newest
        rows = all_rows(restored)
        changed = {table for table in saved if rows[table] != saved[table]}
        assert changed == {"django_migrations", "search_searchchange"}
        changes = list(restored.rows("SELECT noted_at FROM search_searchchange"))
        assert len(changes) == len(saved["search_searchchange"]) > 0
        with pytest.raises(Exception, match="records are append-only"):
            execute(restored, "DELETE FROM syllabus_certificate")


def test_a_backup_of_a_busy_site_is_of_one_moment(
    site: Site, other: Site, manager_of: ManagerMaker, tmp_path: Path
) -> None:
    manager, other_manager = manager_of(site), manager_of(other)
    editor = subprocess.Popen(
        [sys.executable, "-m", "tests.upkeep.busy_editor"],
        cwd=ROOT,
        env=site.environment,
        stdout=subprocess.PIPE,
    )
    try:
        assert editor.stdout is not None
        editor.stdout.readline()
        time.sleep(2)
        manager.done("backup", str(tmp_path / "backup"))
        [(during,)] = site.rows("SELECT count(*) FROM left_side")
    finally:
        editor.kill()
        editor.wait()
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    assert 0 < manifest["rows"]["left_side"] == manifest["rows"]["right_side"] < during
    assert manifest["absent"] == []
    other_manager.done("restore", str(tmp_path / "backup"), "--no-rebuild")
    sides = [
        list(other.rows(f"SELECT n FROM {side}_side ORDER BY n")) for side in ("left", "right")
    ]
    assert sides[0] == sides[1]
    named = {name for (name,) in other.rows("SELECT file FROM media_hubdocument")}
    assert named
    assert named <= files(other.folder / "media").keys()


def test_a_restore_that_is_killed_leaves_the_old_site_or_can_be_run_again(
    site: Site, manager: Manager, tmp_path: Path
) -> None:
    backup, chance = tmp_path / "backup", random.Random()
    manager.done("backup", str(backup))
    saved, media = all_rows(site), files(site.folder / "media")
    execute(site, LATER)
    later = all_rows(site)
    command = ["restore", str(backup), "--replace", "--no-rebuild"]
    began = time.monotonic()
    manager.ask("ended", str(manager.ask("begin", *command)))
    takes = time.monotonic() - began
    assert all_rows(site) == saved
    times_that_nothing_was_done = 0
    for number in range(KILLS):
        execute(site, "DELETE FROM taggit_tag", LATER)
        restoring = manager.ask("begin", *command)
        time.sleep((number + chance.random()) * takes / KILLS)
        os.kill(restoring, signal.SIGKILL)
        manager.ask("ended", str(restoring))
        rows = all_rows(site)
        assert rows in (later, saved)
        times_that_nothing_was_done += rows == later
    assert times_that_nothing_was_done
    manager.done(*command)
    assert (all_rows(site), files(site.folder / "media")) == (saved, media)


def test_a_restore_and_who_reads_meanwhile_wait_for_each_other_and_neither_fails(
    postgres_site: SiteMaker, manager_of: ManagerMaker, tmp_path: Path
) -> None:
    site, backup = postgres_site("first"), tmp_path / "backup"
    manager = manager_of(site)
    manager.done("backup", str(backup))
    saved = all_rows(site)
    tables = sorted(saved)
    for held in (tables[0], tables[len(tables) // 2], tables[-1]):
        execute(site, LATER)
        with psycopg.connect(site.database_url) as reader:
            reader.execute(f'SELECT FROM "{held}"')
            restoring = manager.ask("begin", "restore", str(backup), "--replace", "--no-rebuild")
            until = time.monotonic() + 60
            while not list(site.rows(SOMEBODY_WAITS)):
                assert time.monotonic() < until
                time.sleep(0.01)
            for table in tables:  # the restore may hold any of these, and waits for ours
                reader.execute(f'SELECT FROM "{table}"')
        manager.ask("ended", str(restoring))
        assert all_rows(site) == saved


def test_uploads_in_a_bucket_are_backed_up_and_put_back(
    sqlite_site: SiteMaker, manager_of: ManagerMaker, tmp_path: Path
) -> None:
    site, backup = sqlite_site("first", **bucket.SETTINGS), tmp_path / "backup"
    manager = manager_of(site)
    manager.ask("furnish")
    uploads = manager.ask("stored")
    manager.done("backup", str(backup))
    assert {name: one.hex() for name, one in files(backup / "media").items()} == uploads
    assert len(uploads) == 3
    manager.ask("spoil")
    assert manager.ask("stored") != uploads
    manager.done("restore", str(backup), "--replace", "--no-rebuild")
    assert manager.ask("stored") == uploads
    assert not files(site.folder / "media")
