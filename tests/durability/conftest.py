"""Sites to kill and to cut off: made once, copied for every test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.durability.site import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests start processes of their own; one after another, in one place."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("durability"))


@pytest.fixture
def site(migrated: Path, tmp_path: Path) -> Site:
    """A site with an empty record, in a file."""
    return new_site(tmp_path / "site", migrated)


@pytest.fixture(params=["site", "site_on_postgres"], ids=["sqlite", "postgres"])
def shared_site(request: pytest.FixtureRequest) -> Site:
    """A site with an empty record, on either database."""
    site: Site = request.getfixturevalue(request.param)
    return site


def new_site(folder: Path, migrated: Path, **extra: str) -> Site:
    """A site in a new folder, whose database is a copy."""
    folder.mkdir()
    made = Site(folder, extra=extra)
    shutil.copy(migrated, made.database)
    return made
