"""Starting a module: once, again after failing, and to renew."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from learning_hub.accounts.models import User
from syllabus import attempts, enrolment
from syllabus.models import CompletionRule, Enrolment, ModulePage, Prerequisite
from syllabus.refusals import (
    AlreadyComplete,
    CoolingOff,
    ModuleNotOpen,
    NameMissing,
    PrerequisitesMissing,
)
from syllabus.standing import Status, standing
from tests.factories.accounts import make_person
from tests.factories.syllabus import (
    NOON,
    answer_all,
    begin,
    complete_module,
    enrol,
    make_module,
    make_trainee,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def fail(trainee: User, module: ModulePage, at: dt.datetime = NOON) -> None:
    attempt = begin(trainee, module, at)
    answer_all(trainee, attempt, right=False, at=at)
    attempts.submit_attempt(trainee=trainee, attempt_id=attempt.pk, key=uuid.uuid4(), at=at)


def test_asking_twice_with_one_key_starts_once() -> None:
    alice, module, key = make_trainee(), make_module(), uuid.uuid4()
    first = enrolment.start(trainee=alice, module=module, key=key, at=NOON)
    assert enrolment.start(trainee=alice, module=module, key=key, at=NOON + DAY) == first


def test_a_key_of_another_module_starts_this_one() -> None:
    alice, key = make_trainee(), uuid.uuid4()
    one, two = make_module("One"), make_module("Two")
    enrolment.start(trainee=alice, module=one, key=key, at=NOON)
    started = enrolment.start(trainee=alice, module=two, key=key, at=NOON)
    assert started.module_key == two.translation_key


def test_two_people_may_use_the_same_key() -> None:
    module, key = make_module(), uuid.uuid4()
    alice, bob = make_trainee(), make_trainee("bob@example.org", "Bob Brown")
    for person in (alice, bob):
        started = enrolment.start(trainee=person, module=module, key=key, at=NOON)
        assert started.trainee == person


def test_starting_an_open_module_continues_it() -> None:
    alice, module = make_trainee(), make_module()
    assert enrol(alice, module) == enrol(alice, module, NOON + DAY)
    assert Enrolment.objects.count() == 1


def test_a_name_is_needed_for_the_certificate() -> None:
    nameless = make_person("nameless@example.org")
    with pytest.raises(NameMissing, match="your name"):
        enrol(nameless, make_module())


@pytest.mark.parametrize("fields", [{"lessons": 0}, {"live": False}])
def test_an_outline_and_a_draft_cannot_be_started(fields: dict[str, object]) -> None:
    with pytest.raises(ModuleNotOpen):
        enrol(make_trainee(), make_module(**fields))


def test_prerequisites_come_first_and_either_version_does() -> None:
    alice = make_trainee()
    first, boards, second = make_module("First"), make_module("Boards"), make_module("Second")
    second.prerequisites.add(Prerequisite(module=first, or_instead=boards))
    second.save()
    with pytest.raises(PrerequisitesMissing, match="First or Boards"):
        enrol(alice, second)

    complete_module(alice, boards)

    assert enrol(alice, second).number == 1


def test_an_expired_prerequisite_does_not_count() -> None:
    alice = make_trainee()
    first, second = make_module("First", validity_months=12), make_module("Second")
    second.prerequisites.add(Prerequisite(module=first))
    second.save()
    complete_module(alice, first)
    with pytest.raises(PrerequisitesMissing):
        enrol(alice, second, NOON + 366 * DAY)


def test_a_module_that_does_not_expire_is_done_for_good() -> None:
    alice, module = make_trainee(), make_module()
    complete_module(alice, module)
    with pytest.raises(AlreadyComplete, match=r"You have completed this module\.$"):
        enrol(alice, module, NOON + 3650 * DAY)


def test_renewal_opens_ninety_days_before_the_end() -> None:
    alice, module = make_trainee(), make_module(validity_months=12)
    completion = complete_module(alice, module)
    assert completion.expires_at is not None
    opens = completion.expires_at - 90 * DAY
    with pytest.raises(AlreadyComplete, match="renew it from 2 December 2026"):
        enrol(alice, module, opens - dt.timedelta(seconds=1))
    assert enrol(alice, module, opens).number == 2
    assert standing(alice.pk, module, opens).status is Status.DONE


def test_a_renewal_adds_a_completion_and_leaves_the_old_one_as_it_was() -> None:
    alice, module = make_trainee(), make_module(validity_months=12)
    old = complete_module(alice, module)
    new = complete_module(alice, module, NOON + 300 * DAY)
    old.refresh_from_db()
    assert old.completed_at == NOON
    assert new.enrolment.number == 2
    assert standing(alice.pk, module, NOON + 400 * DAY).completion == new


def test_a_new_version_can_be_taken_at_once() -> None:
    alice, module = make_trainee(), make_module()
    complete_module(alice, module)
    module.version = 2
    module.save()
    assert enrol(alice, module, NOON + DAY).number == 2


def test_after_the_last_attempt_the_module_rests_and_starts_anew() -> None:
    alice, module = make_trainee(), make_module(attempts_allowed=2, cooling_off_hours=48)
    fail(alice, module)
    fail(alice, module, NOON + DAY)
    assert standing(alice.pk, module, NOON + DAY).status is Status.EXHAUSTED
    with pytest.raises(CoolingOff, match="on 5 March 2026 at 12:00"):
        enrol(alice, module, NOON + 3 * DAY - dt.timedelta(seconds=1))

    again = enrol(alice, module, NOON + 3 * DAY)

    where = standing(alice.pk, module, NOON + 3 * DAY)
    assert (again.number, where.attempts_left, len(where.unread)) == (2, 2, 2)


def test_a_module_that_is_only_read_needs_no_assessment() -> None:
    alice = make_trainee()
    module = make_module(completion_rule=CompletionRule.VIEWED, outcomes=0)
    assert enrol(alice, module).number == 1
