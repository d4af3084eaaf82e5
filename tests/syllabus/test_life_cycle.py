"""The life of a module's record, step by step, beside a small model of what should be true."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from learning_hub.accounts.models import User
from syllabus import attempts, enrolment, progress
from syllabus.append_only import AppendOnlyModel
from syllabus.models import (
    Answer,
    Attempt,
    Certificate,
    Completion,
    CompletionRule,
    Enrolment,
    LessonRead,
    ModuleEdition,
    ModulePage,
    Revocation,
    Submission,
)
from syllabus.refusals import (
    AttemptClosed,
    CoolingOff,
    LessonsUnread,
    NotEnrolled,
    WrongRule,
)
from syllabus.standing import standing
from tests.factories.syllabus import make_module, make_trainee, right_answer, wrong_answer
from tests.syllabus.life import ATTEMPTS, DAY, HOUR, QUESTIONS, Life, Outcome, Round, Sitting

pytestmark = pytest.mark.django_db

LESSONS, VALID_MONTHS = 2, 12
RECORDS: tuple[type[AppendOnlyModel], ...] = (
    ModuleEdition,
    Enrolment,
    LessonRead,
    Attempt,
    Answer,
    Submission,
    Completion,
    Certificate,
    Revocation,
)


class LifeCycle(RuleBasedStateMachine):
    """Every step that a trainee, time, and those in charge can take, in any order."""

    trainee: User
    module: ModulePage
    module_rule: CompletionRule

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.chance = random.Random(1)
        self.replays: list[Callable[[], None]] = []
        self.seen: dict[tuple[str, Any], tuple[Any, ...]] = {}
        self.lessons = list(self.module.lessons)
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # The trainee

    @rule()
    def start(self) -> None:
        key, life = uuid.uuid4(), self.life
        if life.open and not life.open.exhausted:
            assert self._start(key).pk == life.open.pk
            return
        if refusal := life.refuses_start():
            with pytest.raises(refusal):
                self._start(key)
            return
        begun = self._start(key)
        life.rounds.append(Round(begun.pk))
        self.replays.append(lambda: self._same(self._start(key).pk, begun.pk))

    @rule(number=st.integers(0, LESSONS - 1))
    def read(self, number: int) -> None:
        if self.life.open is None:
            self._read_in_vain(number)
            return
        self.life.open.read.add(number)
        if len(self.life.open.read) == LESSONS and self.module_rule == CompletionRule.VIEWED:
            self.life.open.completed_at = self.life.now
        read = self._read(number)
        assert read.enrolment_id == self.life.rounds[-1].pk

    @precondition(lambda self: self.life.open)
    @rule()
    def read_everything(self) -> None:
        for number in range(LESSONS):
            if self.life.open:
                self.read(number)

    @rule()
    def acknowledge(self) -> None:
        refusal = self._refusal_of_acknowledging()
        if refusal:
            with pytest.raises(refusal):
                self._acknowledge()
            return
        completion = self._acknowledge()
        assert completion.enrolment_id == self.life.rounds[-1].pk
        if self.life.open:
            self.life.open.completed_at = self.life.now

    @rule()
    def begin(self) -> None:
        key, life = uuid.uuid4(), self.life
        if self.module_rule != CompletionRule.PASSED:
            with pytest.raises(WrongRule):
                self._begin(key)
            return
        if life.open and life.open.sitting and life.now >= life.open.sitting.closes_at:
            life.end(life.open.sitting)
        if refusal := self._refusal_of_beginning():
            with pytest.raises(refusal):
                self._begin(key)
            return
        assert life.open
        attempt = self._begin(key)
        if life.open.sitting:
            assert attempt.pk == life.open.sitting.id
            return
        life.open.sittings.append(Sitting(attempt.pk, life.now + HOUR))
        self.replays.append(lambda: self._same(self._begin(key).pk, attempt.pk))

    @precondition(lambda self: self._sitting())
    @rule(position=st.integers(1, QUESTIONS), right=st.booleans())
    def answer(self, position: int, right: bool) -> None:
        sitting, key = self._sitting(), uuid.uuid4()
        assert sitting
        if sitting.ended_at or self.life.now >= sitting.closes_at:
            with pytest.raises(AttemptClosed):
                self._answer(sitting, position, right, key)
            return
        self._answer(sitting, position, right, key)
        sitting.right[position] = right
        self.replays.append(lambda: self._answer_again(sitting, position, right, key))

    @precondition(lambda self: self.life.open and self._sitting())
    @rule(right=st.booleans())
    def answer_everything(self, right: bool) -> None:
        for position in range(1, QUESTIONS + 1):
            self.answer(position, right)

    @precondition(lambda self: self._sitting())
    @rule()
    def submit(self) -> None:
        sitting, key = self._sitting(), uuid.uuid4()
        assert sitting
        was_open = sitting.ended_at is None
        if was_open:
            self.life.end(sitting)
        submission = self._submit(sitting, key)
        assert submission.submitted_at == sitting.ended_at
        assert submission.passed == sitting.passes
        if was_open:
            self.replays.append(lambda: self._same(self._submit(sitting, key).pk, submission.pk))

    @precondition(lambda self: self.replays)
    @rule(chance=st.integers(0, 999))
    def ask_again(self, chance: int) -> None:
        """A browser, or a nervous finger, sends an earlier form once more."""
        self.replays[chance % len(self.replays)]()

    # Time, and those in charge

    @rule(passes=st.sampled_from([dt.timedelta(minutes=20), HOUR, DAY, 200 * DAY, 300 * DAY]))
    def time(self, passes: dt.timedelta) -> None:
        self.life.now += passes

    @precondition(lambda self: self.life.done and not self.life.done.revoked)
    @rule()
    def revoke(self) -> None:
        done = self.life.done
        assert done
        done.revoked = True
        Revocation.objects.create(
            certificate=Certificate.objects.get(completion__enrolment=done.pk),
            revoked_at=self.life.now,
            reason="Issued in error.",
            revoked_by=self.trainee,
        )

    # What must hold after every step

    @invariant()
    def all_is_well(self) -> None:
        self.stands_where_the_model_says()
        self.nothing_is_doubled()
        self.what_was_written_stays()

    def stands_where_the_model_says(self) -> None:
        where = standing(self.trainee.pk, self.module, self.life.now)
        assert where.status == self.life.status
        assert where.counts == self.life.counts
        assert where.is_open == bool(self.life.open)

    def nothing_is_doubled(self) -> None:
        under_way = Attempt.objects.filter(submission=None).values_list("enrolment", flat=True)
        assert len(set(under_way)) == len(under_way)
        assert Enrolment.objects.count() == len(self.life.rounds)
        completed = sum(each.completed_at is not None for each in self.life.rounds)
        assert Completion.objects.count() == Certificate.objects.count() == completed

    def what_was_written_stays(self) -> None:
        now = dict(row for model in RECORDS for row in self._rows(model))
        assert {key: now.get(key) for key in self.seen} == self.seen
        self.seen = now

    # How the steps are taken

    def _start(self, key: uuid.UUID) -> Enrolment:
        return enrolment.start(trainee=self.trainee, module=self.module, key=key, at=self.life.now)

    def _read(self, number: int) -> LessonRead:
        return progress.read_lesson(
            trainee=self.trainee, lesson=self.lessons[number], at=self.life.now
        )

    def _read_in_vain(self, number: int) -> None:
        """After the end, reading again is nothing new, and reading more needs a new start."""
        if self.life.rounds and number in self.life.rounds[-1].read:
            assert self._read(number).enrolment_id == self.life.rounds[-1].pk
        else:
            with pytest.raises(NotEnrolled):
                self._read(number)

    def _acknowledge(self) -> Completion:
        return progress.acknowledge(trainee=self.trainee, module=self.module, at=self.life.now)

    def _refusal_of_acknowledging(self) -> Outcome:
        if self.module_rule != CompletionRule.ACKNOWLEDGED:
            return WrongRule
        if not self.life.rounds:
            return NotEnrolled
        if self.life.open and len(self.life.open.read) < LESSONS:
            return LessonsUnread
        return None

    def _begin(self, key: uuid.UUID) -> Attempt:
        return attempts.start_attempt(
            trainee=self.trainee,
            module=self.module,
            key=key,
            at=self.life.now,
            chance=self.chance,
        )

    def _refusal_of_beginning(self) -> Outcome:
        if self.life.open is None:
            return NotEnrolled
        if self.life.open.sitting:
            return None
        if len(self.life.open.read) < LESSONS:
            return LessonsUnread
        return CoolingOff if self.life.open.exhausted else None

    def _sitting(self) -> Sitting | None:
        """The latest attempt, open or not."""
        sittings = [sitting for each in self.life.rounds for sitting in each.sittings]
        return sittings[-1] if sittings else None

    def _answer(self, sitting: Sitting, position: int, right: bool, key: uuid.UUID) -> Answer:
        question = Attempt.objects.get(pk=sitting.id).paper[position - 1]
        return attempts.save_answer(
            trainee=self.trainee,
            attempt_id=sitting.id,
            position=position,
            key=key,
            response=right_answer(question) if right else wrong_answer(question),
            at=self.life.now,
        )

    def _answer_again(self, sitting: Sitting, position: int, right: bool, key: uuid.UUID) -> None:
        before = Answer.objects.count()
        try:
            self._answer(sitting, position, right, key)
        except AttemptClosed:
            assert sitting.ended_at or self.life.now >= sitting.closes_at
        assert Answer.objects.count() == before

    def _submit(self, sitting: Sitting, key: uuid.UUID) -> Submission:
        return attempts.submit_attempt(
            trainee=self.trainee, attempt_id=sitting.id, key=key, at=self.life.now
        )

    @staticmethod
    def _same(now: Any, then: Any) -> None:
        assert now == then

    @staticmethod
    def _rows(model: type[models.Model]) -> list[tuple[tuple[str, Any], tuple[Any, ...]]]:
        """Every row by its key, as it is stored: to make Python's values of it takes longer."""
        table, key = model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT "{key}", * FROM "{table}"')
            return [((table, row[0]), row) for row in cursor.fetchall()]


def live(module_rule: CompletionRule, *, lives: int, steps: int, derandomize: bool) -> None:
    """Live through `lives` of at most `steps` steps each."""
    module = make_module(
        lessons=LESSONS,
        questions=QUESTIONS,
        completion_rule=module_rule,
        validity_months=VALID_MONTHS,
        attempts_allowed=ATTEMPTS,
        cooling_off_hours=24,
        time_limit_minutes=60,
    )
    cycle = type(
        "LifeOf" + module_rule.title(),
        (LifeCycle,),
        {"trainee": make_trainee(), "module": module, "module_rule": module_rule},
    )
    run_state_machine_as_test(
        cycle,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            derandomize=derandomize,
            database=None,
            deadline=None,
            phases=[Phase.generate],  # to shrink a life takes minutes; thirty steps can be read
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(
    ("module_rule", "lives"),
    [
        (CompletionRule.VIEWED, 3),
        (CompletionRule.ACKNOWLEDGED, 3),
        (CompletionRule.PASSED, 8),
    ],
)
def test_every_order_of_steps_leaves_the_record_that_the_rules_promise(
    module_rule: CompletionRule, lives: int
) -> None:
    live(module_rule, lives=lives, steps=30, derandomize=True)


@pytest.mark.slow
def test_many_lives_through_an_assessment_keep_the_rules() -> None:
    live(CompletionRule.PASSED, lives=60, steps=50, derandomize=False)
