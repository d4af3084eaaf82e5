"""A backup is one state of the site, and restored it is that site again, on either database."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.durability.site import ROOT, Site
from tests.upkeep.conftest import SiteMaker
from tests.upkeep.whole_site import all_rows, answers, done, files, refused

KILLS = 4


@pytest.fixture
def site(make_site: SiteMaker) -> Site:
    """A site with records, a certificate and files."""
    made = make_site("first")
    made.run("tests.upkeep.furnish")
    return made


def history(site: Site) -> str:
    [(history,)] = site.rows("SELECT history FROM search_journalposition")
    return str(history)


def test_a_restored_backup_is_the_same_site(
    site: Site, make_site: SiteMaker, tmp_path: Path
) -> None:
    backup, other = tmp_path / "backup", make_site("second", is_migrated=False)
    said = done(site, "backup", str(backup), "--with-keys")
    assert "private issuer keys are in it" in said
    for path in [backup, *backup.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    said = done(other, "restore", str(backup))
    assert "The search index holds" in said
    assert all_rows(other) == all_rows(site)
    assert len(all_rows(site)) > 80
    assert files(other.folder / "media") == files(site.folder / "media")
    assert len(files(site.folder / "media")) == 3
    before, after = answers(site), answers(other)
    assert after == before
    assert len(before["verified"]) == len(before["private"]) == 1
    assert before["documents"]
    assert history(other) != history(site)
    # The database refuses changes of records as before.
    with pytest.raises(Exception, match="records are append-only"):
        execute(other, "DELETE FROM syllabus_certificate")


def execute(site: Site, statement: str) -> None:
    """Change a database behind the site's back."""
    if site.database_url:
        with psycopg.connect(site.database_url) as connection:
            connection.execute(statement.encode())
    else:
        with closing(sqlite3.connect(site.database)) as file, file:
            file.execute(statement)


def test_a_site_in_use_is_replaced_only_when_told_to(
    site: Site, make_site: SiteMaker, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    assert "are not in it" in done(site, "backup", str(backup))
    assert not (backup / "keys").exists()
    saved, media = all_rows(site), files(site.folder / "media")
    execute(site, "INSERT INTO taggit_tag (id, name, slug) VALUES (77, 'Later', 'later')")
    execute(site, "CREATE TABLE of_a_newer_version (n integer)")
    surplus = site.folder / "media" / "documents" / "later.txt"
    surplus.write_text("later")
    (site.folder / "media" / "documents" / "notes.txt").write_text("changed")
    later, changed = all_rows(site), files(site.folder / "media")
    said = refused(site, "restore", str(backup))
    assert "the site has accounts, pages or files. With --replace" in said
    assert (all_rows(site), files(site.folder / "media")) == (later, changed)
    assert "not empty" in refused(site, "backup", str(backup))
    done(site, "restore", str(backup), "--replace")
    assert (all_rows(site), files(site.folder / "media")) == (saved, media)


def test_a_backup_of_a_busy_site_is_of_one_moment(make_site: SiteMaker, tmp_path: Path) -> None:
    site, other = make_site("first"), make_site("second", is_migrated=False)
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
        done(site, "backup", str(tmp_path / "backup"))
        [(during,)] = site.rows("SELECT count(*) FROM left_side")
    finally:
        editor.kill()
        editor.wait()
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    assert 0 < manifest["rows"]["left_side"] == manifest["rows"]["right_side"] < during
    assert manifest["absent"] == []
    done(other, "restore", str(tmp_path / "backup"))
    sides = [
        list(other.rows(f"SELECT n FROM {side}_side ORDER BY n")) for side in ("left", "right")
    ]
    assert sides[0] == sides[1]
    named = {name for (name,) in other.rows("SELECT file FROM media_hubdocument")}
    assert named
    assert named <= files(other.folder / "media").keys()


def test_a_restore_that_is_killed_leaves_the_old_site_or_can_be_run_again(
    site: Site, tmp_path: Path
) -> None:
    backup, chance = tmp_path / "backup", random.Random()
    done(site, "backup", str(backup))
    saved, media = all_rows(site), files(site.folder / "media")
    execute(site, "INSERT INTO taggit_tag (id, name, slug) VALUES (77, 'Later', 'later')")
    later = all_rows(site)
    command = [sys.executable, "manage.py", "restore", str(backup), "--replace", "--no-rebuild"]
    began = time.monotonic()
    done(site, *command[2:])
    takes = time.monotonic() - began
    for _ in range(KILLS):
        execute(site, "DELETE FROM taggit_tag")
        execute(site, "INSERT INTO taggit_tag (id, name, slug) VALUES (77, 'Later', 'later')")
        restoring = subprocess.Popen(
            command, cwd=ROOT, env=site.environment, stdout=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.4 * takes, takes))
        restoring.send_signal(signal.SIGKILL)
        restoring.wait()
        assert all_rows(site) in (later, saved)
    done(site, *command[2:])
    assert (all_rows(site), files(site.folder / "media")) == (saved, media)
