"""Completions for reports, made as rows: how they came about does not matter here."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid

import pytest

from learning_hub.accounts.models import TraineeProfile, User
from learning_hub.accounts.roles import ADMINISTRATORS, EDITORS
from syllabus.models import Certificate, Completion, Enrolment, ModuleEdition
from tests.factories.accounts import make_person

OCTOBER = dt.datetime(2025, 10, 15, 12, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def completed(module, count=1, *, region=None, specialty=None, at=OCTOBER):
    """`count` new trainees who completed `module`, all with the same profile. A few statements."""
    numbers = [next(_numbers) for _ in range(count)]
    users = User.objects.bulk_create([User(email=f"t{n}@example.org") for n in numbers])
    TraineeProfile.objects.bulk_create(
        TraineeProfile(user=user, region=region, specialty=specialty) for user in users
    )
    return (
        [_completion(user, module, at) for user in users]
        if count < 20
        else _many(users, module, at)
    )


def _edition(module):
    return ModuleEdition.objects.get_or_create(
        module_key=module.translation_key,
        digest="0" * 64,
        defaults={"version": 1, "facts": {"title": module.title}, "first_used_at": OCTOBER},
    )[0]


def _many(users, module, at):
    edition = _edition(module)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            trainee=u, module_key=module.translation_key, number=1, key=uuid.uuid4(), started_at=at
        )
        for u in users
    )
    return Completion.objects.bulk_create(
        Completion(enrolment=e, edition=edition, completed_at=at) for e in enrolments
    )


def _completion(user, module, at):
    completion = _many([user], module, at)[0]
    Certificate.objects.create(
        completion=completion,
        holder_name="Alice Adams",
        issued_at=at,
        key_id="k",
        status_list=1,
        status_index=next(_numbers),
        credential="",
    )
    return completion


@pytest.fixture
def chief(client):
    """Someone in charge, signed in."""
    person = make_person("chief@example.org", ADMINISTRATORS)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


@pytest.fixture
def edith(client):
    """An editor, signed in."""
    person = make_person("edith@example.org", EDITORS)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person
