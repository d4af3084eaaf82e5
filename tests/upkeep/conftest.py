"""Sites to run for real; they start processes, so one after another in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.durability.site import Site, new_site
from tests.plugins.one_place import keep_in_one_place
from tests.plugins.postgres import PostgresServer
from tests.upkeep.manager import Manager

SiteMaker = Callable[..., Site]
ManagerMaker = Callable[[Site], Manager]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests start processes of their own."""
    keep_in_one_place(items, __file__, "upkeep")


@pytest.fixture
def sqlite_site(tmp_path: Path, migrated: Path) -> SiteMaker:
    """Makes sites in files of their own; empty ones where `is_migrated` is false."""

    def make(name: str, *, is_migrated: bool = True, **extra: str) -> Site:
        if is_migrated:
            return new_site(tmp_path / name, migrated, **extra)
        (tmp_path / name).mkdir()
        return Site(tmp_path / name, extra=extra)

    return make


@pytest.fixture
def postgres_site(
    tmp_path: Path, postgres_server: PostgresServer, migrated_on_postgres: str
) -> SiteMaker:
    """Makes sites in databases of their own; empty ones where `is_migrated` is false."""

    def make(name: str, *, is_migrated: bool = True, **extra: str) -> Site:
        database = f"upkeep_{name}"
        postgres_server.sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        template = migrated_on_postgres if is_migrated else "template0"
        postgres_server.sql(f"CREATE DATABASE {database} TEMPLATE {template}")
        (tmp_path / name).mkdir()
        return Site(tmp_path / name, database_url=postgres_server.url(database), extra=extra)

    return make


@pytest.fixture(params=["sqlite", "postgres"])
def make_site(request: pytest.FixtureRequest) -> SiteMaker:
    """Makes sites on either database."""
    maker: SiteMaker = request.getfixturevalue(f"{request.param}_site")
    return maker


@pytest.fixture
def manager_of() -> Iterator[ManagerMaker]:
    """Starts a process that runs commands on a site, until the test is over."""
    started: list[Manager] = []

    def start(site: Site) -> Manager:
        started.append(Manager(site))
        return started[-1]

    yield start
    for manager in started:
        manager.kill()
