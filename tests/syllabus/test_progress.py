"""Moving through a module: lessons read, a statement confirmed, the module completed."""

from __future__ import annotations

import datetime as dt

import pytest

from syllabus import progress
from syllabus.models import Completion, CompletionRule, LessonRead, ModuleEdition
from syllabus.refusals import LessonsUnread, NotEnrolled, WrongRule
from syllabus.standing import Status, standing, standings
from tests.factories.syllabus import (
    NOON,
    complete_module,
    enrol,
    make_module,
    make_trainee,
    read_all,
)

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)


def test_reading_a_lesson_twice_is_reading_it_once() -> None:
    alice, module = make_trainee(), make_module()
    enrol(alice, module)
    lesson = module.lessons[0]
    first = progress.read_lesson(trainee=alice, lesson=lesson, at=NOON)
    assert progress.read_lesson(trainee=alice, lesson=lesson, at=LATER) == first
    assert LessonRead.objects.get().read_at == NOON


def test_reading_without_having_started_is_refused() -> None:
    with pytest.raises(NotEnrolled):
        progress.read_lesson(trainee=make_trainee(), lesson=make_module().lessons[0], at=NOON)


def test_the_last_lesson_completes_a_module_that_is_only_read() -> None:
    alice = make_trainee()
    module = make_module(completion_rule=CompletionRule.VIEWED)
    enrol(alice, module)
    first, last = module.lessons
    progress.read_lesson(trainee=alice, lesson=last, at=NOON)
    assert not Completion.objects.exists()
    progress.read_lesson(trainee=alice, lesson=first, at=LATER)
    assert Completion.objects.get().completed_at == LATER


def test_reading_every_lesson_does_not_complete_a_module_with_an_assessment() -> None:
    alice, module = make_trainee(), make_module()
    enrol(alice, module)
    read_all(alice, module)
    assert standing(alice.pk, module, NOON).status is Status.IN_PROGRESS


def test_a_statement_is_confirmed_after_the_lessons_and_once() -> None:
    alice = make_trainee()
    module = make_module(completion_rule=CompletionRule.ACKNOWLEDGED, statement="I have read it.")
    enrol(alice, module)
    with pytest.raises(LessonsUnread, match="Lesson 1; Lesson 2"):
        progress.acknowledge(trainee=alice, module=module, at=NOON)
    read_all(alice, module)
    first = progress.acknowledge(trainee=alice, module=module, at=NOON)
    assert progress.acknowledge(trainee=alice, module=module, at=LATER) == first
    assert first.edition.facts["statement"] == "I have read it."


def test_a_module_with_an_assessment_cannot_be_confirmed_instead() -> None:
    alice, module = make_trainee(), make_module()
    enrol(alice, module)
    with pytest.raises(WrongRule):
        progress.acknowledge(trainee=alice, module=module, at=NOON)


def test_a_later_change_of_the_module_leaves_what_was_attested() -> None:
    alice, module = make_trainee(), make_module()
    completion = complete_module(alice, module)
    module.title, module.version = "Renamed", 2
    module.save()
    bob = make_trainee("bob@example.org", "Bob Brown")
    newer = complete_module(bob, module)
    completion.refresh_from_db()
    assert (completion.edition.title, completion.edition.version) == (
        "Essentials for patient safety",
        1,
    )
    assert (newer.edition.title, newer.edition.version) == ("Renamed", 2)


def test_an_edition_is_kept_once_for_everyone_who_completes_it() -> None:
    module = make_module()
    for name in ("Alice Adams", "Bob Brown"):
        complete_module(make_trainee(f"{name[0]}@example.org", name), module)
    assert ModuleEdition.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        (dt.datetime(2026, 3, 2), 12, dt.datetime(2027, 3, 2)),
        (dt.datetime(2026, 12, 31), 2, dt.datetime(2027, 2, 28)),
        (dt.datetime(2024, 2, 29), 12, dt.datetime(2025, 2, 28)),
        (dt.datetime(2023, 11, 30), 3, dt.datetime(2024, 2, 29)),
    ],
)
def test_months_later_is_the_same_day_or_the_last(
    moment: dt.datetime, months: int, expected: dt.datetime
) -> None:
    assert progress.months_later(moment, months) == expected


def test_a_completion_expires_at_the_end_of_its_validity() -> None:
    alice, module = make_trainee(), make_module(validity_months=12)
    completion = complete_module(alice, module)
    assert completion.expires_at == dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)
    before = completion.expires_at - dt.timedelta(microseconds=1)
    assert standing(alice.pk, module, before).status is Status.DONE
    assert standing(alice.pk, module, completion.expires_at).status is Status.EXPIRED


def test_a_standing_asks_the_same_queries_for_two_modules_and_for_six(
    django_assert_num_queries: object,
) -> None:
    alice = make_trainee()
    modules = [make_module(f"Module {n}") for n in range(6)]
    for module in modules[:4]:
        complete_module(alice, module)
    for some in (modules[:2], modules):
        with django_assert_num_queries(4):  # type: ignore[operator]
            standings(alice.pk, some, NOON)
