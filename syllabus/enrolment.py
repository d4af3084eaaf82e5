"""Starts a module: for the first time, again after failing, or to renew."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from learning_hub.accounts.models import User
from syllabus.models import Enrolment, ModulePage
from syllabus.refusals import (
    AlreadyComplete,
    CoolingOff,
    ModuleNotOpen,
    NameMissing,
    NotEnrolled,
    PrerequisitesMissing,
)
from syllabus.standing import Standing, standing, unmet_prerequisites


def start(*, trainee: User, module: ModulePage, key: UUID, at: dt.datetime) -> Enrolment:
    """Enrol `trainee`, or return the enrolment that is open already.

    `key` is made by whoever asks: the same key always returns the same enrolment. Raises a
    Refused where the rules say no.
    """
    own = Enrolment.objects.filter(trainee=trainee, module_key=module.translation_key)
    asked = own.filter(key=key).first()
    if asked is not None:
        return asked
    try:
        with transaction.atomic():
            return _start(trainee, module, key, at)
    except IntegrityError:  # another request of the same trainee was first
        return own.latest("number")


def locked(trainee: User, module: ModulePage, at: dt.datetime) -> tuple[Enrolment, Standing]:
    """The trainee's open enrolment, which nobody else changes until the transaction ends.

    Raises NotEnrolled.
    """
    enrolment, where = latest_locked(trainee, module, at)
    if not where.is_open:
        raise NotEnrolled
    return enrolment, where


def latest_locked(trainee: User, module: ModulePage, at: dt.datetime) -> tuple[Enrolment, Standing]:
    """The trainee's latest enrolment, open or not, locked until the transaction ends.

    Locks first and reads then: PostgreSQL would join what it had read before it waited. Raises
    NotEnrolled.
    """
    own = Enrolment.objects.select_for_update().filter(
        trainee=trainee, module_key=module.translation_key
    )
    enrolment = own.order_by("-number").first()
    where = standing(trainee.pk, module, at)
    if enrolment is None or where.enrolment != enrolment:
        raise NotEnrolled
    return enrolment, where


def _start(trainee: User, module: ModulePage, key: UUID, at: dt.datetime) -> Enrolment:
    where = standing(trainee.pk, module, at)
    if where.enrolment and where.is_open and where.attempts_left:
        return where.enrolment
    _refuse(trainee, where)
    return Enrolment.objects.create(
        trainee=trainee,
        module_key=module.translation_key,
        number=where.enrolment.number + 1 if where.enrolment else 1,
        key=key,
        started_at=at,
    )


def _refuse(trainee: User, where: Standing) -> None:
    if not trainee.get_full_name():
        raise NameMissing
    if not where.module.live or not where.lessons:
        raise ModuleNotOpen
    if missing := unmet_prerequisites(trainee.pk, where.module, where.at):
        raise PrerequisitesMissing([str(row) for row in missing])
    if where.counts and not where.is_renewable:
        raise AlreadyComplete(where.renewable_from)
    if where.is_open and where.cooling_off_until and where.at < where.cooling_off_until:
        raise CoolingOff(where.cooling_off_until)
