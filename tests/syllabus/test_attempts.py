"""Taking an assessment: drawn, answered, handed in, marked."""

from __future__ import annotations

import uuid

import pytest

from syllabus import attempts
from syllabus.models import Certificate, Completion, Submission
from syllabus.standing import Status, standing
from tests.factories.syllabus import NOON, answer_all, begin, make_module, make_trainee

pytestmark = pytest.mark.django_db


def test_a_trainee_who_answers_everything_rightly_completes_the_module() -> None:
    alice, module = make_trainee(), make_module()
    attempt = begin(alice, module)
    answer_all(alice, attempt, right=True)

    submission = attempts.submit_attempt(
        trainee=alice, attempt_id=attempt.pk, key=uuid.uuid4(), at=NOON
    )

    assert submission.percent == 100
    assert standing(alice.pk, module, NOON).status is Status.DONE
    assert Certificate.objects.get().completion == submission.completion


def test_a_trainee_cannot_complete_a_module_twice() -> None:
    alice, module = make_trainee(), make_module()
    attempt = begin(alice, module)
    answer_all(alice, attempt, right=True)
    hand_in = {"trainee": alice, "attempt_id": attempt.pk, "at": NOON}

    first = attempts.submit_attempt(key=uuid.uuid4(), **hand_in)
    again = attempts.submit_attempt(key=uuid.uuid4(), **hand_in)

    assert again == first
    assert Submission.objects.count() == Completion.objects.count() == 1


def test_wrong_answers_fail_and_leave_the_module_open() -> None:
    alice, module = make_trainee(), make_module()
    attempt = begin(alice, module)
    answer_all(alice, attempt, right=False)

    submission = attempts.submit_attempt(
        trainee=alice, attempt_id=attempt.pk, key=uuid.uuid4(), at=NOON
    )

    assert not submission.passed
    assert standing(alice.pk, module, NOON).attempts_left == 2
    assert not Completion.objects.exists()
