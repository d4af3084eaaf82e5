"""What a step costs in queries, whatever the size of the module."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from syllabus import attempts, enrolment
from syllabus.models import Attempt
from tests.factories.syllabus import (
    NOON,
    answer_all,
    begin,
    enrol,
    make_module,
    make_trainee,
    right_answer,
)

pytestmark = pytest.mark.django_db

MODULES = pytest.mark.parametrize(("lessons", "outcomes"), [(1, 1), (6, 8)], ids=["small", "large"])


def sitting(lessons: int, outcomes: int) -> tuple[Any, Attempt]:
    alice = make_trainee()
    return alice, begin(alice, make_module(lessons=lessons, outcomes=outcomes))


@MODULES
def test_saving_an_answer_is_one_transaction_of_four_queries(
    lessons: int, outcomes: int, django_assert_num_queries: Any
) -> None:
    alice, attempt = sitting(lessons, outcomes)
    with django_assert_num_queries(4 + 2):  # and the savepoint, which a transaction of its own is
        attempts.save_answer(
            trainee=alice,
            attempt_id=attempt.pk,
            position=1,
            key=uuid.uuid4(),
            response=right_answer(attempt.paper[0]),
            at=NOON,
        )


@MODULES
def test_handing_in_costs_the_same_for_any_number_of_questions(
    lessons: int, outcomes: int, django_assert_max_num_queries: Any
) -> None:
    alice, attempt = sitting(lessons, outcomes)
    answer_all(alice, attempt, right=True)
    with django_assert_max_num_queries(26):
        attempts.submit_attempt(trainee=alice, attempt_id=attempt.pk, key=uuid.uuid4(), at=NOON)


@MODULES
def test_starting_costs_the_same_for_any_number_of_lessons(
    lessons: int, outcomes: int, django_assert_max_num_queries: Any
) -> None:
    alice, module = make_trainee(), make_module(lessons=lessons, outcomes=outcomes)
    with django_assert_max_num_queries(12):
        enrolment.start(trainee=alice, module=module, key=uuid.uuid4(), at=NOON)


def test_a_renewal_whose_attempts_all_failed_can_be_started_again() -> None:
    """Also while the old completion still counts."""
    alice = make_trainee()
    module = make_module(validity_months=2, attempts_allowed=1, cooling_off_hours=0)
    first = begin(alice, module)
    answer_all(alice, first, right=True)
    attempts.submit_attempt(trainee=alice, attempt_id=first.pk, key=uuid.uuid4(), at=NOON)
    second = begin(alice, module)
    attempts.submit_attempt(trainee=alice, attempt_id=second.pk, key=uuid.uuid4(), at=NOON)

    again = enrol(alice, module)

    assert again.number == 3
