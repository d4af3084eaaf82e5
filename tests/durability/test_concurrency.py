"""Fifty browsers send the same form at once: one record, and the same answer to all."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.durability.server import Server
from tests.durability.site import Site
from tests.durability.visitor import Answer, Visitor
from tests.plugins.postgres import PostgresServer

BROWSERS = 50


@pytest.fixture(params=["sqlite", "postgres"])
def shared_site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """A site with an empty record, on either database."""
    if request.param == "sqlite":
        return request.getfixturevalue("site")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    server.sql("DROP DATABASE IF EXISTS at_once")
    server.sql("CREATE DATABASE at_once")
    site = Site(tmp_path, database_url=server.url("at_once"))
    site.migrate()
    return site


@pytest.fixture
def server(shared_site: Site) -> Iterator[Server]:
    """The site, served by several processes with several threads each."""
    server = Server(shared_site, workers=4, threads=8)
    server.start()
    yield server
    server.stop()


def at_once(send: Callable[[], Answer]) -> set[tuple[int, str]]:
    """Let fifty browsers send; the different answers that they got."""
    ready = threading.Barrier(BROWSERS)

    def one(_: int) -> tuple[int, str]:
        ready.wait()
        answer = send()
        return answer.status, answer.location

    with ThreadPoolExecutor(BROWSERS) as browsers:
        return set(browsers.map(one, range(BROWSERS)))


def test_the_same_step_from_fifty_browsers_is_one_step(shared_site: Site, server: Server) -> None:
    stage = shared_site.set_stage(1)
    visitor = Visitor(server.port, stage["trainees"][0]["session"])
    module, key = stage["module"], uuid.uuid4()

    started = at_once(lambda: visitor.post(f"/learning/modules/{module}/start/", key=key))
    for lesson in stage["lessons"]:
        read = at_once(lambda lesson=lesson: visitor.post(f"/learning/lessons/{lesson}/read/"))
        assert {status for status, _ in read} == {302}
    # Fifty fresh keys, as from fifty tabs: still one attempt.
    begun = at_once(
        lambda: visitor.post(f"/learning/modules/{module}/assessment/", key=uuid.uuid4())
    )
    ((status, first_question),) = begun
    attempt = first_question.split("/")[3]
    page = visitor.get(first_question)
    option = page.body.split('name="chosen"')[1].split('value="')[1].split('"')[0]
    answered = at_once(lambda: visitor.post(first_question, key=key, chosen=option))
    visitor.answer_all(attempt)
    submitted = at_once(
        lambda: visitor.post(f"/learning/attempts/{attempt}/submit/", key=uuid.uuid4())
    )
    results = {visitor.get(f"/learning/attempts/{attempt}/").status for _ in range(3)}

    assert len(started) == len(answered) == 1
    assert (status, results) == (302, {200})
    assert submitted == {(302, f"/learning/attempts/{attempt}/")}
    rows = {
        name: len(list(shared_site.rows(f"SELECT 1 FROM syllabus_{name}")))
        for name in ("enrolment", "lessonread", "attempt", "submission", "completion")
    }
    assert rows == {
        "enrolment": 1,
        "lessonread": 2,
        "attempt": 1,
        "submission": 1,
        "completion": 1,
    }
    assert len(list(shared_site.rows("SELECT 1 FROM syllabus_certificate"))) == 1
    same_answer = f"SELECT 1 FROM syllabus_answer WHERE key = '{_written(shared_site, key)}'"
    assert len(list(shared_site.rows(same_answer))) == 1


def _written(site: Site, key: uuid.UUID) -> str:
    """A key as the database writes it."""
    return str(key) if site.database_url else key.hex
