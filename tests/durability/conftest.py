"""Sites to kill and to cut off: made once, copied for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability.site import Site, new_site
from tests.plugins.one_place import keep_in_one_place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests start processes of their own; one after another, in one place."""
    keep_in_one_place(items, __file__, "durability")


@pytest.fixture
def site(migrated: Path, tmp_path: Path) -> Site:
    """A site with an empty record, in a file."""
    return new_site(tmp_path / "site", migrated)


@pytest.fixture(params=["site", "site_on_postgres"], ids=["sqlite", "postgres"])
def shared_site(request: pytest.FixtureRequest) -> Site:
    """A site with an empty record, on either database."""
    site: Site = request.getfixturevalue(request.param)
    return site
