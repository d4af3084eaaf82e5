"""Fifty browsers send the same form at once: one record, and the same answer to all."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from tests.durability.server import Server
from tests.durability.site import Site
from tests.durability.visitor import Answer, Visitor

BROWSERS = 50
# Each page carries its own; everything else must be the same to the byte.
CSRF_FIELD = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>')


@pytest.fixture
def server(shared_site: Site) -> Iterator[Server]:
    """The site, served by several processes with several threads each."""
    server = Server(shared_site, workers=4, threads=8)
    server.start()
    yield server
    server.stop()


def at_once(*sends: Callable[[], Answer]) -> set[Answer]:
    """Let fifty browsers send, each one of `sends`; the different answers that they got."""
    ready = threading.Barrier(BROWSERS)

    def one(number: int) -> Answer:
        ready.wait()
        answer = sends[number % len(sends)]()
        return replace(answer, body=CSRF_FIELD.sub("", answer.body))

    with ThreadPoolExecutor(BROWSERS) as browsers:
        return set(browsers.map(one, range(BROWSERS)))


def rows_of(site: Site) -> dict[str, int]:
    """How many rows each record's table has."""
    names = ("enrolment", "lessonread", "attempt", "submission", "completion", "certificate")
    return {name: len(list(site.rows(f"SELECT 1 FROM syllabus_{name}"))) for name in names}


def test_the_same_step_from_fifty_browsers_is_one_step(shared_site: Site, server: Server) -> None:
    stage = shared_site.set_stage(1)
    visitor = Visitor(server.port, stage["trainees"][0]["session"])
    module, key = stage["module"], uuid.uuid4()

    started = at_once(lambda: visitor.post(f"/learning/modules/{module}/start/", key=key))
    for lesson in stage["lessons"]:
        read = at_once(partial(visitor.post, f"/learning/lessons/{lesson}/read/"))
        assert {answer.status for answer in read} == {302}
    # Fifty fresh keys, as from fifty tabs: still one attempt.
    begun = at_once(
        lambda: visitor.post(f"/learning/modules/{module}/assessment/", key=uuid.uuid4())
    )
    first_question = next(iter(begun)).location
    attempt = first_question.split("/")[3]
    page = visitor.get(first_question)
    option = page.body.split('name="chosen"')[1].split('value="')[1].split('"')[0]
    answered = at_once(lambda: visitor.post(first_question, key=key, chosen=option))
    visitor.answer_all(attempt)
    submitted = at_once(
        lambda: visitor.post(f"/learning/attempts/{attempt}/submit/", key=uuid.uuid4())
    )
    shown = at_once(lambda: visitor.get(f"/learning/attempts/{attempt}/"))

    assert len(started) == len(begun) == len(answered) == len(submitted) == len(shown) == 1
    [(handed_in, result)] = zip(submitted, shown, strict=True)
    assert (handed_in.status, handed_in.location) == (302, f"/learning/attempts/{attempt}/")
    assert result.status == 200
    assert "You passed" in result.body
    once = dict.fromkeys(rows_of(shared_site), 1)
    assert rows_of(shared_site) == once | {"lessonread": len(stage["lessons"])}
    same_answer = f"SELECT 1 FROM syllabus_answer WHERE key = '{_written(shared_site, key)}'"
    assert len(list(shared_site.rows(same_answer))) == 1


def _written(site: Site, key: uuid.UUID) -> str:
    """A key as the database writes it."""
    return str(key) if site.database_url else key.hex
