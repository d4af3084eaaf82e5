"""Recommendations: what to begin next, by a rule that can be told."""

from __future__ import annotations

import pytest

from learning_hub.accounts.models import User
from syllabus.models import ModulePage, Prerequisite
from syllabus.planning.recommending import recommended
from syllabus.standing import complete_keys, standings
from tests.factories.syllabus import NOON, complete_module, enrol, make_module, make_trainee

pytestmark = pytest.mark.django_db


def for_trainee(user: User) -> dict[str, str]:
    """The reason by title, in their order."""
    modules = ModulePage.objects.live().order_by("path")
    found = recommended(standings(user.pk, modules, NOON), complete_keys(user.pk, NOON))
    return {each.where.module.title: each.reason for each in found}


def make_levels() -> tuple[ModulePage, ModulePage, ModulePage]:
    """Level 2, which asks for essentials or the version for boards."""
    two = make_module("Access to practice", level="2")
    essentials, boards = make_module("Essentials"), make_module("For boards")
    Prerequisite.objects.create(page=two, module=essentials, or_instead=boards)
    return two, essentials, boards


def test_level_1_comes_first_because_it_is_for_everyone() -> None:
    make_levels()
    assert for_trainee(make_trainee()) == {"Essentials": "Because level 1 is for everyone."}


def test_what_follows_is_recommended_once_its_prerequisite_is_done() -> None:
    _, essentials, _ = make_levels()
    alice = make_trainee()
    complete_module(alice, essentials)
    assert list(for_trainee(alice)) == ["Access to practice"]
    assert "Because it comes after Essentials" in for_trainee(alice)["Access to practice"]


def test_the_version_for_boards_is_never_recommended_but_does_instead() -> None:
    _, _, boards = make_levels()
    alice = make_trainee()
    assert "For boards" not in for_trainee(alice)
    complete_module(alice, boards)
    assert list(for_trainee(alice)) == ["Access to practice"]


def test_what_was_begun_or_has_no_lessons_is_not_recommended() -> None:
    alice, begun = make_trainee(), make_module("Begun")
    enrol(alice, begun)
    make_module("An outline", lessons=0)
    assert for_trainee(alice) == {}


def test_at_most_three_are_recommended_the_lowest_level_first() -> None:
    make_module("Two", level="2")
    for number in range(3):
        make_module(f"One {number}")
    assert list(for_trainee(make_trainee())) == ["One 0", "One 1", "One 2"]
    make_module("Three", level="3-4")
    assert len(for_trainee(make_trainee("bob@example.org"))) == 3
