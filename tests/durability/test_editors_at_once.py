"""Two people of the office do the same, or the opposite, at once: one outcome, and no error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.durability.server import Server
from tests.durability.site import Site
from tests.durability.test_concurrency import at_once
from tests.durability.visitor import Visitor

OFFICE = "SELECT state, study_id IS NULL FROM submissions_initiative"
DRAFTS = "SELECT 1 FROM case_studies_casestudypage"
PLACES = "SELECT position FROM taxonomy_setting WHERE merged_into_id IS NULL ORDER BY position"
MERGED = "SELECT id, merged_into_id FROM taxonomy_setting WHERE merged_into_id IS NOT NULL"


@pytest.fixture
def stage(shared_site: Site) -> dict[str, Any]:
    """What there is to work on; see `tests.durability.editors_stage`."""
    stage: dict[str, Any] = json.loads(shared_site.run("tests.durability.editors_stage"))
    return stage


@pytest.fixture
def people(shared_site: Site, stage: dict[str, Any]) -> Iterator[list[Visitor]]:
    """Two signed-in people, and several processes that serve them."""
    server = Server(shared_site, workers=4, threads=8)
    server.start()
    yield [Visitor(server.port, session) for session in stage["people"]]
    server.stop()


def test_an_initiative_taken_up_by_two_is_one_draft(
    shared_site: Site, stage: dict[str, Any], people: list[Visitor]
) -> None:
    one, other = people
    answers = at_once(lambda: one.post(stage["take_up"]), lambda: other.post(stage["take_up"]))
    assert {answer.status for answer in answers} == {302}
    [draft] = {answer.location for answer in answers}
    assert "/edit/" in draft
    assert len(list(shared_site.rows(DRAFTS))) == 1
    assert one.get(draft).status == 200


def test_an_initiative_taken_up_and_declined_is_one_of_the_two(
    shared_site: Site, stage: dict[str, Any], people: list[Visitor]
) -> None:
    one, other = people
    answers = at_once(
        lambda: one.post(stage["take_up"]),
        lambda: other.post(stage["decline"], reason="There is one like it."),
    )
    assert {answer.status for answer in answers} == {302}
    [(state, has_no_draft)] = shared_site.rows(OFFICE)
    assert (state, bool(has_no_draft)) in {("taken-up", False), ("declined", True)}
    assert len(list(shared_site.rows(DRAFTS))) == (not has_no_draft)


def test_terms_moved_by_two_have_a_place_each(
    shared_site: Site, stage: dict[str, Any], people: list[Visitor]
) -> None:
    one, other = people
    first, last = stage["move"][0], stage["move"][-1]
    answers = at_once(
        lambda: one.post(f"{first}?position=3"), lambda: other.post(f"{last}?position=0")
    )
    assert {answer.status for answer in answers} == {200}
    steps = [(10 * number,) for number in range(1, len(stage["terms"]) + 1)]
    assert list(shared_site.rows(PLACES)) == steps


def test_terms_merged_crosswise_while_others_move_are_merged_one_way(
    shared_site: Site, stage: dict[str, Any], people: list[Visitor]
) -> None:
    one, other = people
    here, there = stage["terms"][:2]
    answers = at_once(
        lambda: one.post(stage["merge"][0], target=there),
        lambda: other.post(stage["merge"][1], target=here),
        lambda: one.post(f"{stage['move'][-1]}?position=0"),
        lambda: other.post(f"{stage['move'][2]}?position=9999"),
    )
    # Done or refused; the form again, where the target is no choice any more; no such term.
    assert {answer.status for answer in answers} <= {302, 200, 404}
    assert list(shared_site.rows(MERGED)) in ([(here, there)], [(there, here)])
    places = list(shared_site.rows(PLACES))
    assert len(places) == len(set(places))
