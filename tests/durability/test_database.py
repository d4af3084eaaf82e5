"""PostgreSQL as an installation meets it: slow, silent, full, or not what the settings say."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from tempfile import TemporaryFile

import pytest

from tests.durability.server import Server
from tests.durability.site import ROOT, Site
from tests.durability.visitor import Visitor
from tests.plugins.postgres import PostgresServer

ASK = "from django.db import connection as c; c.cursor().execute('SELECT pg_sleep(60)')"


def site_on(url: str, **extra: str) -> Site:
    """This site's own folder and settings, with this database."""
    settings = {"DJANGO_SETTINGS_MODULE": "learning_hub.settings.dev"}
    return Site(ROOT / "var", database_url=url, extra={**settings, **extra})


def shell(url: str, code: str = ASK) -> subprocess.CompletedProcess[str]:
    """Run `code` as somebody would who starts `manage.py` on a site with this database."""
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env=site_on(url).environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def error_of(url: str, code: str = ASK, **extra: str) -> str:
    """What `code` prints of its failure on a site with this database; nothing where it is well."""
    with TemporaryFile("w+") as said:
        run = site_on(url, **extra).start(
            "django", "shell", "--no-imports", "-c", code, stderr=said
        )
        status = run.wait(60)
        said.seek(0)
        return said.read() or "no word" if status else ""


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_a_database_that_says_nothing_is_given_up(silent_port: int) -> None:
    started = time.monotonic()
    assert "timeout" in error_of(f"postgres://hub@127.0.0.1:{silent_port}/hub")
    assert time.monotonic() - started < 40


def test_a_statement_that_takes_too_long_is_ended(postgres_server: PostgresServer) -> None:
    said = error_of(postgres_server.url(), HUB_DATABASE_STATEMENT_TIMEOUT="1")
    assert "statement timeout" in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("hub@", "stranger:wrong@"), 'role "stranger" does not exist'),
        (("/postgres", "/elsewhere"), 'database "elsewhere" does not exist'),
        ((r":\d+/", ":1/"), "Connection refused"),
    ],
)
def test_a_database_that_lets_nobody_in_stops_a_command_with_one_line(
    postgres_server: PostgresServer, change: tuple[str, str], says: str
) -> None:
    url = postgres_server.url()
    done = shell(url[:11] + re.sub(change[0], change[1], url[11:]))
    assert done.returncode != 0
    [line] = done.stderr.strip().splitlines()
    assert line.startswith("Learning Hub cannot start. DATABASE_URL: ")
    assert says in line


LOOK = "from learning_hub.database import preflight; preflight()"


@pytest.mark.parametrize(
    "made_with",
    [
        "ENCODING 'LATIN1' LOCALE 'C'",
        "ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'en-GB'",
    ],
)
def test_a_database_that_would_order_or_hold_text_otherwise_is_refused(
    postgres_server: PostgresServer, made_with: str
) -> None:
    postgres_server.sql("DROP DATABASE IF EXISTS other")
    postgres_server.sql(f"CREATE DATABASE other TEMPLATE template0 {made_with}")
    assert "make it with TEMPLATE" in error_of(postgres_server.url("other"), LOOK)
    assert error_of(postgres_server.url(), LOOK) == ""


# With a pool, half of the browsers wait; with more of them, a slow machine lets some wait too long.
@pytest.mark.parametrize(("pool", "browsers", "most"), [("2", 4, 2), ("0", 8, 8)])
def test_a_process_holds_no_more_connections_than_its_pool_or_its_threads(
    postgres_server: PostgresServer, site_on_postgres: Site, pool: str, browsers: int, most: int
) -> None:
    site = replace(site_on_postgres, extra={"HUB_DATABASE_POOL": pool})
    name = site.database_url.rpartition("/")[2]
    server = Server(site, workers=1, threads=8)
    server.start()
    try:
        visitor = Visitor(server.port, "")
        assert visitor.get("/updates/").status == 200  # reads templates and vocabularies, once
        with ThreadPoolExecutor(browsers) as at_once:
            answers = list(at_once.map(lambda _: visitor.get("/updates/"), range(24)))
        held = postgres_server.sql(
            f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
            " AND application_name = 'learning-hub'"
        )
    finally:
        server.stop()
    assert {answer.status for answer in answers} == {200}, answers[0]
    assert 1 <= int(held) <= most
