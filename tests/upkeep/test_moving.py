"""A site that has outgrown SQLite moves to PostgreSQL by backup and restore, with all it holds."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.durability.site import Site
from tests.upkeep.conftest import ManagerMaker, SiteMaker
from tests.upkeep.manager import Manager
from tests.upkeep.whole_site import all_rows, execute, files

KILLS = 6
LATER = "INSERT INTO taggit_tag (id, name, slug) VALUES (77, 'Later', 'later')"
ORPHAN = "INSERT INTO taggit_taggeditem VALUES (1, 1, 1, 999)"
FOUND_IN_ADMIN = "SELECT count(*) FROM wagtailsearch_indexentry"
NUMBERED = """
    SELECT attrelid::regclass, pg_get_serial_sequence(attrelid::regclass::text, attname)
    FROM pg_attribute WHERE attidentity <> '' AND attname = 'id'
"""


@pytest.fixture
def small(sqlite_site: SiteMaker) -> Site:
    """A site on SQLite with records, a certificate and files."""
    return sqlite_site("small")


@pytest.fixture
def old(small: Site, manager_of: ManagerMaker) -> Manager:
    started = manager_of(small)
    started.ask("furnish")
    return started


@pytest.fixture
def large(postgres_site: SiteMaker) -> Site:
    """A site on PostgreSQL that nobody has used yet."""
    return postgres_site("large")


@pytest.fixture
def new(large: Site, manager_of: ManagerMaker) -> Manager:
    return manager_of(large)


def test_a_site_that_has_moved_is_the_same_site(
    small: Site, old: Manager, postgres_site: SiteMaker, manager_of: ManagerMaker, tmp_path: Path
) -> None:
    large = postgres_site("large", is_migrated=False)  # a database without a table
    new = manager_of(large)
    old.done("update_index")
    old.done("backup", str(tmp_path / "backup"), "--with-keys")
    said = new.done("restore", str(tmp_path / "backup"))
    assert "100 % of the rows" in said
    assert "The search index holds" in said
    before, after = old.ask("testimony"), new.ask("testimony")
    assert after == before
    assert len(before["verified"]) == len(before["private"]) == 1
    assert before["documents"]
    assert files(large.folder / "media") == files(small.folder / "media")
    assert new.ask("values") == old.ask("values")
    assert list(large.rows(FOUND_IN_ADMIN)) == list(small.rows(FOUND_IN_ADMIN))
    with pytest.raises(Exception, match="records are append-only"):
        execute(large, "DELETE FROM syllabus_certificate")
    with pytest.raises(Exception, match="records are append-only"):
        execute(large, "TRUNCATE syllabus_certificate CASCADE")


def test_what_comes_after_a_move_has_a_number_of_its_own(
    large: Site, old: Manager, new: Manager, tmp_path: Path
) -> None:
    old.done("backup", str(tmp_path / "backup"))
    new.done("restore", str(tmp_path / "backup"), "--no-rebuild")
    numbered = list(large.rows(NUMBERED))
    assert len(numbered) > 80
    for table, sequence in numbered:
        [(following, most)] = large.rows(f"SELECT nextval('{sequence}'), max(id) FROM {table}")
        assert following == (most or 0) + 1, table


def test_a_move_that_is_killed_leaves_an_empty_site_or_a_whole_one(
    large: Site, old: Manager, new: Manager, tmp_path: Path
) -> None:
    backup, chance = tmp_path / "backup", random.Random()
    old.done("backup", str(backup))
    empty = all_rows(large)
    command = ["restore", str(backup), "--replace", "--no-rebuild"]
    began = time.monotonic()
    new.done(*command)
    takes = time.monotonic() - began
    whole = all_rows(large)
    assert whole != empty
    times_that_nothing_was_done = 0
    for number in range(KILLS):
        execute(large, LATER)
        later = all_rows(large)
        restoring = new.ask("begin", *command)
        time.sleep((number + chance.random()) * takes / KILLS)
        os.kill(restoring, signal.SIGKILL)
        new.ask("ended", str(restoring))
        rows = without_derived(all_rows(large))
        assert rows in (without_derived(later), without_derived(whole))
        times_that_nothing_was_done += rows == without_derived(later)
        execute(large, "DELETE FROM taggit_tag")
    assert times_that_nothing_was_done
    new.done(*command)
    assert all_rows(large) == whole


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("printf('%.*c', 151, 'x')", "value too long for type character varying(150)"),
        ("'a' || char(0) || 'b'", "cannot contain NUL"),
    ],
    ids=["too long", "a NUL"],
)
def test_what_postgresql_does_not_take_is_named_and_nothing_is_moved(
    small: Site, large: Site, old: Manager, new: Manager, tmp_path: Path, value: str, says: str
) -> None:
    execute(small, f"UPDATE accounts_user SET last_name = {value}")
    old.done("backup", str(tmp_path / "backup"))
    said = new.refused("restore", str(tmp_path / "backup"))
    assert said.startswith("Nothing was restored: the table accounts_user cannot be copied: ")
    assert says in said
    assert list(large.rows("SELECT 1 FROM accounts_user")) == []
    assert not files(large.folder / "media")


def test_a_row_that_names_one_that_is_not_there_is_not_moved(
    small: Site, large: Site, old: Manager, new: Manager, tmp_path: Path
) -> None:
    execute(small, "PRAGMA foreign_keys = OFF", ORPHAN)
    old.done("backup", str(tmp_path / "backup"))
    said = new.refused("restore", str(tmp_path / "backup"))
    assert said.startswith("Nothing was restored: ")
    assert "violates foreign key constraint" in said
    assert list(large.rows("SELECT 1 FROM accounts_user")) == []


def test_a_backup_of_an_older_version_is_not_moved(
    large: Site, old: Manager, new: Manager, tmp_path: Path
) -> None:
    old.done("migrate", "search", "0002")
    old.done("backup", str(tmp_path / "backup"))
    said = new.refused("restore", str(tmp_path / "backup"))
    assert "upgrade both sites, and make a new backup" in said
    assert list(large.rows("SELECT 1 FROM accounts_user")) == []


def test_a_table_that_this_site_has_not_is_not_left_behind(
    small: Site, old: Manager, new: Manager, tmp_path: Path
) -> None:
    execute(small, "CREATE TABLE of_another_program (n integer)")
    old.done("backup", str(tmp_path / "backup"))
    said = new.refused("restore", str(tmp_path / "backup"))
    assert "the table of_another_program is not in both databases" in said


def without_derived(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    """All but Wagtail's own index, which is made anew after the rows have moved."""
    return {table: found for table, found in rows.items() if table != "wagtailsearch_indexentry"}
