"""The journal's order of numbers is its order of commits, whoever writes at the same time."""

from __future__ import annotations

from tests.durability.journal_at_once import CHANGES, WRITERS
from tests.durability.site import Site

ALL = WRITERS * CHANGES


def changes_and_misses(site: Site, *options: str) -> tuple[int, int]:
    made, missed = site.run("tests.durability.journal_at_once", *options).split()
    return int(made), int(missed)


def test_a_reader_misses_no_change_on_sqlite(site: Site) -> None:
    assert changes_and_misses(site) == (ALL, 0)


def test_a_reader_misses_no_change_on_postgresql(site_on_postgres: Site) -> None:
    assert changes_and_misses(site_on_postgres) == (ALL, 0)


def test_without_the_lock_it_would(site_on_postgres: Site) -> None:
    made, missed = changes_and_misses(site_on_postgres, "--without-lock")
    assert made == ALL
    assert missed > 0
