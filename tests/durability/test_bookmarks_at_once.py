"""Fifty browsers keep and collect the same page at once: one bookmark, one collection."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.durability.server import Server
from tests.durability.site import Site
from tests.durability.test_concurrency import at_once
from tests.durability.visitor import Visitor


@pytest.fixture
def server(shared_site: Site) -> Iterator[Server]:
    """The site, served by several processes with several threads each."""
    server = Server(shared_site, workers=4, threads=8)
    server.start()
    yield server
    server.stop()


def rows(site: Site, query: str) -> list[tuple[object, ...]]:
    return list(site.rows(query))


def test_the_same_page_is_kept_and_collected_once(shared_site: Site, server: Server) -> None:
    trainee = shared_site.set_stage(1)["trainees"][0]
    visitor = Visitor(server.port, trainee["session"])
    [(page,)] = rows(shared_site, "SELECT page_ptr_id FROM syllabus_modulepage")
    kept = at_once(lambda: visitor.post("/my/bookmarks/keep/", page=page))
    assert {answer.status for answer in kept} == {302}
    assert len(kept) == 1
    [(bookmark,)] = rows(shared_site, "SELECT id FROM bookmarks_bookmark")
    fields = {"bookmark": bookmark, "new_name": "Lists", "key": uuid.uuid4()}
    collected = at_once(lambda: visitor.post("/my/bookmarks/collect/", **fields))
    assert {answer.status for answer in collected} == {302}
    assert len({answer.location for answer in collected}) == 1
    assert len(rows(shared_site, "SELECT id FROM bookmarks_bookmarkcollection")) == 1
    assert len(rows(shared_site, "SELECT id FROM bookmarks_collectionentry")) == 1
    # Fifty tabs with keys of their own: one gets the name, the others are told that it is taken.
    named = at_once(
        lambda: visitor.post(
            "/my/bookmarks/collect/", bookmark=bookmark, new_name="Other", key=uuid.uuid4()
        )
    )
    assert {answer.status for answer in named} == {302, 422}
    assert len(rows(shared_site, "SELECT id FROM bookmarks_bookmarkcollection")) == 2
