"""What is no whole backup of this kind of site is refused with one line, before anything else."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from learning_hub.upkeep import manifest as manifests
from learning_hub.upkeep import media_files, postgres_copy, restoring, site_state, sqlite_copy
from learning_hub.upkeep.backing_up import back_up
from learning_hub.upkeep.manifest import Manifest, measure
from learning_hub.upkeep.refusal import Refused
from tests.upkeep.conftest import ManagerMaker, SiteMaker
from tests.upkeep.whole_site import all_rows


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A small backup, as whole as any."""
    folder = tmp_path / "backup"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "a.txt").write_bytes(b"a" * 5000)
    with closing(sqlite3.connect(folder / "database.sqlite3")) as made, made:
        made.execute("CREATE TABLE thing (n)")
    names = ("database.sqlite3", "media/a.txt")
    Manifest(
        made_at="2026-01-01T00:00:00+00:00",
        hub_version="0.1.0",
        database="sqlite",
        migrations={"search": ["0001_initial"]},
        rows={"thing": 0},
        files={name: measure(folder / name) for name in names},
    ).write(folder)
    return folder


def changed(**values: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        told = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps({**told, **values}))

    return change


def naming(name: str) -> Callable[[Path], None]:
    stored = {"size": 0, "sha256": ""}
    return changed(files={"database.sqlite3": stored, name: stored})


def flipped(folder: Path) -> None:
    with (folder / "media" / "a.txt").open("r+b") as file:
        file.seek(2500)
        file.write(b"b")


def linked(folder: Path) -> None:
    (folder / "media" / "a.txt").unlink()
    (folder / "media" / "a.txt").symlink_to("/etc/passwd")


def test_a_whole_backup_is_found_whole(backup: Path) -> None:
    assert restoring._checked(backup, lambda line: None).rows == {"thing": 0}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: shutil.rmtree(folder), "is no whole backup"),
        (lambda folder: (folder / "manifest.json").unlink(), "is no whole backup"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "is damaged"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "is damaged"),
        (changed(files=7), "is damaged"),
        (changed(format=2), "newer version"),
        (changed(database="postgresql"), "names no database"),
        (changed(database="oracle"), "names no database"),
        (changed(rows={'x"; DROP TABLE y': 1}), "names no table"),
        (changed(migrations={"search": ["0999_from_later"]}), "search.0999_from_later"),
        (changed(migrations={"of_later": ["0001_initial"]}), "of_later.0001_initial"),
        (naming("../outside"), "outside the backup"),
        (naming("media/../../outside"), "outside the backup"),
        (naming("/etc/passwd"), "outside the backup"),
        (naming("media//a.txt"), "outside the backup"),
        (naming("media\\a.txt"), "outside the backup"),
        (naming("media/a\0.txt"), "outside the backup"),
        (naming("keys/../a"), "outside the backup"),
        (naming("elsewhere/a.txt"), "outside the backup"),
        (lambda folder: (folder / "media" / "a.txt").unlink(), "lacks a file: media/a.txt"),
        (lambda folder: os.truncate(folder / "media" / "a.txt", 4999), "damaged: media/a.txt"),
        (lambda folder: os.truncate(folder / "database.sqlite3", 100), "damaged: database"),
        (flipped, "damaged: media/a.txt"),
        (linked, "no file: media/a.txt"),
        (lambda folder: (folder / "media" / "b.txt").write_text("b"), "does not name: media/b.txt"),
        (lambda folder: (folder / "note.txt").write_text("b"), "does not name: note.txt"),
    ],
)
def test_a_spoilt_backup_is_refused(backup: Path, spoil: Callable[[Path], None], says: str) -> None:
    spoil(backup)
    with pytest.raises(Refused) as refusal:
        restoring._checked(backup, lambda line: None)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_backup_of_another_database_is_refused(backup: Path) -> None:
    shutil.copy(backup / "database.sqlite3", backup / "database.dump")
    (backup / "database.sqlite3").unlink()
    stored = measure(backup / "database.dump")
    files = {"database.dump": {"size": stored.size, "sha256": stored.sha256}}
    changed(database="postgresql", files=files)(backup)
    with pytest.raises(Refused, match="is of postgresql, and this site's database is sqlite"):
        restoring._checked(backup, lambda line: None)


def test_a_full_disk_is_noticed_before_anything_is_written(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100, 100, 0))
    checked = manifests.read(backup)
    with pytest.raises(Refused, match="too little space"):
        restoring._require_space(checked, media_files.Media(backup, checked.files))


@pytest.mark.django_db
def test_a_backup_that_breaks_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(media_files, "copy_out", full)
    with pytest.raises(CommandError, match=r"^No backup was made: .*No space left on device"):
        call_command("backup", str(tmp_path / "new"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["file", "link", "media/inside"])
def test_a_place_that_cannot_take_a_backup_is_refused(
    tmp_path: Path, settings: Any, name: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Refused):
        back_up(tmp_path / name, with_keys=False, tell=lambda line: None)


def test_files_that_were_added_are_taken_back(backup: Path, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # with nothing in it that other tests left
    media = media_files.Media(backup, manifests.read(backup).files)
    default_storage.save("kept.txt", ContentFile(b"kept"))
    media.add_missing(lambda line: None)
    assert set(media_files.names()) == {"kept.txt", "a.txt"}
    media.take_back()
    assert set(media_files.names()) == {"kept.txt"}


def test_a_reader_sees_the_old_database_or_the_new(tmp_path: Path) -> None:
    live, staged = tmp_path / "live", tmp_path / "staged"
    for path, rows in ((live, 10), (staged, 3000)):
        with closing(sqlite3.connect(path)) as made, made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE thing (n)")
            made.executemany("INSERT INTO thing VALUES (?)", [(n,) for n in range(rows)])
    with closing(sqlite3.connect(live, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM thing").fetchone() == (10,)
        sqlite_copy.copy_in(staged, live, lambda done, total: None)
        assert reader.execute("SELECT count(*) FROM thing").fetchone() == (10,)
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM thing").fetchone() == (3000,)


def test_a_damaged_database_is_put_aside(
    sqlite_site: SiteMaker, manager_of: ManagerMaker, tmp_path: Path
) -> None:
    site = sqlite_site("damaged")
    manager = manager_of(site)
    manager.ask("furnish")
    manager.done("backup", str(tmp_path / "copy"))
    saved = all_rows(site)
    manager.close()
    site.database.write_bytes(b"spoilt" * 10_000)
    manager = manager_of(site)
    said = manager.refused("restore", str(tmp_path / "copy"))
    assert "the database is damaged. With --replace" in said
    manager.done("restore", str(tmp_path / "copy"), "--replace", "--no-rebuild")
    assert all_rows(site) == saved
    assert (site.folder / "damaged-hub.sqlite3").read_bytes() == b"spoilt" * 10_000


def test_the_password_is_on_no_command_line(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], **options: Any) -> Any:
        ran.append((command, options["env"]))
        return namedtuple("done", "returncode")(0)

    database = {"HOST": "db", "USER": "hub", "PASSWORD": "a secret", "NAME": "hub"}
    options = {"OPTIONS": {"sslmode": "require"}}
    monkeypatch.setitem(settings.DATABASES, "default", {**database, **options})
    monkeypatch.setattr("subprocess.run", run)
    postgres_copy.copy_out(postgres_copy.Snapshot("1-1", list), tmp_path / "archive")
    [(command, environment)] = ran
    assert not any("secret" in word for word in command)
    assert environment["PGPASSWORD"] == "a secret"
    assert environment["PGSSLMODE"] == "require"


def test_a_database_of_something_else_is_not_taken_for_empty() -> None:
    tables: dict[str, list[tuple[str]]] = {"": [("things",)]}
    assert "no Learning Hub" in site_state.what_is_there(lambda query: tables[""])
