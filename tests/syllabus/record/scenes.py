"""Records that these tests read: a trainee who did a bit of everything, and shares."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from learning_hub.accounts.models import User
from syllabus import attempts
from syllabus.models import Completion, Revocation, Share
from syllabus.record import sharing
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

HOUR = dt.timedelta(hours=1)
PAGE = "https://hub.example.org/my/shared-with-me/"


def make_supervisor(email: str = "sam@example.org") -> User:
    """Somebody whose address is confirmed."""
    return make_person(email)


def fail(trainee: User, module: Any, at: dt.datetime) -> None:
    """The trainee takes the assessment, and nothing is right."""
    attempt = begin(trainee, module, at)
    answer_all(trainee, attempt, right=False, at=at)
    attempts.submit_attempt(
        trainee=trainee, attempt_id=attempt.pk, key=uuid.uuid4(), at=at + 10 * HOUR / 60
    )


def revoke(completion: Completion, at: dt.datetime = NOON) -> Revocation:
    """Somebody takes the certificate back."""
    return Revocation.objects.create(
        certificate=completion.certificate,
        revoked_at=at,
        reason="Issued to the wrong person",
        revoked_by=completion.enrolment.trainee,
    )


def busy_trainee() -> User:
    """Failed and then completed one module, lost another, began a third."""
    alice = make_trainee()
    essentials = make_module("Essentials", validity_months=24)
    fail(alice, essentials, NOON)
    complete_module(alice, essentials, NOON + HOUR)
    revoke(complete_module(alice, make_module("Systems"), NOON + 2 * HOUR), NOON + 3 * HOUR)
    enrol(alice, make_module("Access to practice"), NOON + 4 * HOUR)
    return alice


def share(
    trainee: User,
    email: str = "sam@example.org",
    *,
    modules: Collection[Any] | None = None,
    at: dt.datetime = NOON,
    **fields: Any,
) -> Share:
    """The trainee shares with whoever has this address."""
    given = {
        "supervisor_name": "Sam Shah",
        "ends_at": None,
        "page_address": PAGE,
        "key": uuid.uuid4(),
        **fields,
    }
    keys = None if modules is None else [module.translation_key for module in modules]
    return sharing.share(
        trainee=trainee, supervisor_email=email, module_keys=keys, at=at, **given
    ).share
