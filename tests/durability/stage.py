"""Adds a module and trainees who are signed in, and prints how to reach them as JSON."""

from __future__ import annotations

import json
import sys

import django
from django.conf import settings
from django.db import transaction

if __name__ == "__main__":
    django.setup()

from django.test import Client

from learning_hub.accounts.models import User
from tests.factories.syllabus import make_module


@transaction.atomic
def set_stage(trainees: int) -> dict[str, object]:
    """A module of two lessons and four questions, and `trainees` with a session each."""
    module = make_module(outcomes=2, questions=2, validity_months=36, attempts_allowed=20)
    return {
        "module": module.key,
        "lessons": [lesson.key for lesson in module.lessons],
        "trainees": [_trainee(number) for number in range(trainees)],
    }


def _trainee(number: int) -> dict[str, object]:
    user = User(email=f"trainee-{number}@example.org", first_name="Alice", last_name="Adams")
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return {"id": user.pk, "session": client.cookies[settings.SESSION_COOKIE_NAME].value}


if __name__ == "__main__":
    print(json.dumps(set_stage(int(sys.argv[1]))))
