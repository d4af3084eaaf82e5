"""An assessment with a time limit: what was saved in time counts, what comes later is refused."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from syllabus import attempts
from syllabus.models import Submission
from syllabus.refusals import AttemptClosed, CoolingOff
from syllabus.standing import Status, standing
from tests.factories.syllabus import NOON, answer_all, begin, make_module, make_trainee

pytestmark = pytest.mark.django_db
AT_THE_END = NOON + dt.timedelta(minutes=20)


def test_an_answer_after_the_end_is_refused() -> None:
    alice = make_trainee()
    attempt = begin(alice, make_module(time_limit_minutes=20))
    answer_all(alice, attempt, right=True, at=AT_THE_END - dt.timedelta(seconds=1))
    with pytest.raises(AttemptClosed):
        answer_all(alice, attempt, right=False, at=AT_THE_END)


def test_what_was_saved_in_time_is_marked_as_of_the_end() -> None:
    alice, module = make_trainee(), make_module(time_limit_minutes=20)
    attempt = begin(alice, module)
    answer_all(alice, attempt, right=True)
    submission = attempts.submit_attempt(
        trainee=alice,
        attempt_id=attempt.pk,
        key=uuid.uuid4(),
        at=AT_THE_END + dt.timedelta(days=3),
    )
    assert (submission.passed, submission.ran_out_of_time) == (True, True)
    assert submission.submitted_at == submission.completion.completed_at == AT_THE_END


def test_beginning_again_first_marks_the_attempt_whose_time_ran_out() -> None:
    alice, module = make_trainee(), make_module(time_limit_minutes=20)
    first = begin(alice, module)
    second = attempts.start_attempt(trainee=alice, module=module, key=uuid.uuid4(), at=AT_THE_END)
    assert second.number == 2
    assert Submission.objects.get().attempt == first


def test_a_last_attempt_that_ran_out_is_marked_though_no_other_begins() -> None:
    alice = make_trainee()
    module = make_module(time_limit_minutes=20, attempts_allowed=1)
    begin(alice, module)
    with pytest.raises(CoolingOff):
        attempts.start_attempt(trainee=alice, module=module, key=uuid.uuid4(), at=AT_THE_END)
    assert Submission.objects.get().ran_out_of_time
    assert standing(alice.pk, module, AT_THE_END).status is Status.EXHAUSTED
