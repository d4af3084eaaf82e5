"""Taking an assessment: drawn, answered, handed in, marked."""

from __future__ import annotations

import uuid

import pytest

from learning_hub.accounts.models import User
from syllabus import attempts
from syllabus.models import Attempt, Certificate, Completion, Submission
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


class Form:
    """A form of the first question, which carries one key however often it is sent."""

    def __init__(self, trainee: User, attempt: Attempt) -> None:
        self.trainee, self.attempt, self.key = trainee, attempt, uuid.uuid4()

    def send(self, choice: int) -> None:
        question = self.attempt.paper[0]
        attempts.save_answer(
            trainee=self.trainee,
            attempt_id=self.attempt.pk,
            position=1,
            key=self.key,
            response={"chosen": [question["options"][choice]["key"]]},
            at=NOON,
        )

    def counts(self) -> int:
        """The number of the option that counts now."""
        [chosen] = attempts.latest_answers(self.attempt)[1]["chosen"]
        return [option["key"] for option in self.attempt.paper[0]["options"]].index(chosen)


@pytest.fixture
def form() -> Form:
    alice = make_trainee()
    return Form(alice, begin(alice, make_module()))


def test_a_form_sent_again_is_saved_once(form: Form) -> None:
    form.send(0)
    form.send(0)
    assert (form.counts(), form.attempt.answers.count()) == (0, 1)


def test_going_back_to_a_first_answer_in_the_same_form_is_kept(form: Form) -> None:
    for choice in (0, 1, 0):
        form.send(choice)
    assert (form.counts(), form.attempt.answers.count()) == (0, 3)


def test_an_old_form_that_arrives_late_changes_nothing(form: Form) -> None:
    newer = Form(form.trainee, form.attempt)
    form.send(0)
    newer.send(1)
    form.send(0)
    assert (form.counts(), form.attempt.answers.count()) == (1, 2)


def test_a_new_answer_in_an_old_form_is_a_change_of_mind(form: Form) -> None:
    newer = Form(form.trainee, form.attempt)
    form.send(0)
    newer.send(0)
    form.send(1)
    assert (form.counts(), form.attempt.answers.count()) == (1, 3)
