"""Deadlines: for the first time only, later for those who work less than full time."""

from __future__ import annotations

import datetime as dt

import pytest

from learning_hub.accounts.models import TraineeProfile, User
from syllabus.models import ModulePage
from syllabus.planning.deadlines import Deadline, deadline, due_on
from syllabus.standing import standing
from tests.factories.syllabus import NOON, complete_module, enrol, make_module, make_trainee

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 2)


def trainee(percent: int = 100) -> User:
    user = make_trainee()
    TraineeProfile.objects.create(user=user, working_percent=percent, training_started_on=START)
    return user


def deadline_of(user: User, module: ModulePage, at: dt.datetime = NOON) -> Deadline | None:
    return deadline(standing(user.pk, module, at), user)


def test_someone_full_time_has_the_weeks_of_the_module() -> None:
    module, user = make_module(due_within_weeks=26), trainee()
    assert due_on(module, user) == dt.date(2026, 8, 31)
    found = deadline_of(user, module)
    assert found is not None
    assert (found.text, found.reason) == (
        "Due 31 August 2026.",
        "You have 26 weeks from 2 March 2026.",
    )


def test_someone_at_60_percent_has_43_weeks_instead_of_26() -> None:
    module, user = make_module(due_within_weeks=26), trainee(60)
    assert due_on(module, user) == START + dt.timedelta(days=304)  # 303 days and a third
    found = deadline_of(user, module)
    assert found is not None
    assert found.reason == (
        "You work 60% of full time, so you have 43 weeks instead of 26 from 2 March 2026."
    )


def test_without_a_profile_it_counts_from_the_account() -> None:
    user = make_trainee()
    user.date_joined = NOON
    assert due_on(make_module(due_within_weeks=1), user) == dt.date(2026, 3, 9)


def test_a_module_without_weeks_is_never_due() -> None:
    module, user = make_module(), trainee()
    assert due_on(module, user) is None
    assert deadline_of(user, module) is None


def test_the_day_itself_is_in_time_and_the_next_is_not() -> None:
    module, user = make_module(due_within_weeks=1), trainee()
    last = dt.datetime(2026, 3, 9, 23, 59, tzinfo=dt.UTC)
    in_time, late = (
        deadline_of(user, module, last),
        deadline_of(user, module, last + dt.timedelta(minutes=1)),
    )
    assert in_time is not None
    assert late is not None
    assert (in_time.is_overdue, late.is_overdue) == (False, True)
    assert late.text == "Was due on 9 March 2026."


def test_an_outline_without_lessons_is_never_due() -> None:
    assert deadline_of(trainee(), make_module(lessons=0, due_within_weeks=1)) is None


def test_a_module_under_way_stays_due_until_it_is_done() -> None:
    module, user = make_module(due_within_weeks=1), trainee()
    enrol(user, module)
    assert deadline_of(user, module) is not None
    complete_module(user, module)
    assert deadline_of(user, module) is None


def test_a_completion_that_expired_is_no_missed_deadline_and_expires_for_all_alike() -> None:
    module, user = make_module(due_within_weeks=1, validity_months=12), trainee(50)
    completion = complete_module(user, module)
    assert completion.expires_at == NOON.replace(year=2027)
    later = NOON + dt.timedelta(days=400)
    assert deadline_of(user, module, later) is None
    enrol(user, module, later)
    assert deadline_of(user, module, later) is None
