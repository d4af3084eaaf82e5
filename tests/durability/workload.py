"""Takes trainees through a module in one process, and notes each step that was acknowledged."""

from __future__ import annotations

import os
import random
import sys
import uuid
from collections.abc import Callable

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection
from django.utils import timezone

from learning_hub.accounts.models import User
from syllabus import attempts, enrolment, progress
from syllabus.models import ModulePage
from tests.factories.syllabus import right_answer

Note = Callable[..., None]


def take_the_module(trainee: User, module: ModulePage, note: Note) -> None:
    """Start, read, answer, hand in: as a browser would ask for it, a key a step."""
    key = uuid.uuid4()
    enrolment.start(trainee=trainee, module=module, key=key, at=timezone.now())
    note(key, "enrolment")
    for lesson in module.lessons:
        progress.read_lesson(trainee=trainee, lesson=lesson, at=timezone.now())
    key = uuid.uuid4()
    attempt = attempts.start_attempt(
        trainee=trainee, module=module, key=key, at=timezone.now(), chance=random.Random(1)
    )
    note(key, "attempt")
    for position, question in enumerate(attempt.paper, start=1):
        key = uuid.uuid4()
        attempts.save_answer(
            trainee=trainee,
            attempt_id=attempt.pk,
            position=position,
            key=key,
            response=right_answer(question),
            at=timezone.now(),
        )
        note(key, "answer")
    key = uuid.uuid4()
    attempts.submit_attempt(trainee=trainee, attempt_id=attempt.pk, key=key, at=timezone.now())
    note(key, "submission", "completion", "certificate")


def main(notes: str) -> None:
    """Every trainee of the site; a note is one line in the file `notes`, once a step returned."""
    descriptor = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(key: uuid.UUID, *kinds: str) -> None:
        os.write(descriptor, "".join(f"{kind} {key.hex}\n" for kind in kinds).encode())

    module = ModulePage.objects.get()
    for number, trainee in enumerate(User.objects.filter(email__startswith="trainee-")):
        take_the_module(trainee, module, note)
        if number % 3 == 0:
            connection.close()  # the last one out copies the log into the database and removes it


if __name__ == "__main__":
    main(sys.argv[1])
