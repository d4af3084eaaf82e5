"""Gives the demo's trainee a record, and fictional others records of their own for the reports."""

from __future__ import annotations

import datetime as dt
import random
from uuid import UUID

from django.contrib.auth.models import Group
from django.utils import timezone

from learning_hub.accounts.models import TraineeProfile, User
from learning_hub.accounts.roles import TRAINEES
from learning_hub.home.demo import people
from learning_hub.home.demo.responding import answer
from learning_hub.home.demo.stages import Stage
from learning_hub.taxonomy.models import Grade, Region, Specialty
from syllabus import attempts, enrolment, progress
from syllabus.models import Attempt, ModulePage

PEOPLE = 60
SEED = 4  # the same people at every run
FIRST, OTHER_FIRST = "essentials", "essentials-for-boards"
SECOND = ("systems-thinking", "human-factors")
SPECIALTIES = ("general-surgery", "anaesthetics", "general-psychiatry", "paediatrics")
GRADES = ("F1", "F2", "ST3", "ST4", "ST6")
WORKING_PERCENTS = (100, 100, 100, 80, 60)
A_DAY, A_LESSON = dt.timedelta(days=1), dt.timedelta(minutes=12)


def stage() -> Stage:
    """The stage that makes the records; after the syllabus and the accounts."""
    return Stage("syllabus/trainees", "Trainees and their records", lambda: _Cohort().make_all())


class _Cohort:
    """One run: everybody moves through the modules by the same steps as any trainee."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)  # noqa: S311 - invents people, keeps no secret
        self.now = timezone.now()
        # A module that an editor took off since is left out.
        self.modules = {each.slug: each for each in ModulePage.objects.live()}
        self.regions = list(Region.objects.offered().exclude(slug="national"))
        self.specialties = list(Specialty.objects.filter(slug__in=SPECIALTIES))
        self.grades = list(Grade.objects.filter(code__in=GRADES).select_related("stage"))
        self.group = Group.objects.get(name=TRAINEES)
        self.completions = 0

    def make_all(self) -> str:
        """Make the records; return how many, in words."""
        main = User.objects.filter(email="trainee@example.org", last_name=people.SURNAME).first()
        if main is not None:
            self.main_record(main)
        for number in range(1, PEOPLE + 1):
            self.someone(number)
        return f"{PEOPLE} fictional trainees, {self.completions} modules completed"

    def main_record(self, trainee: User) -> None:
        """The account that visitors sign in with: one module done, one begun."""
        self.describe(trainee, self.now - 200 * A_DAY)
        self.take(trainee, FIRST, self.now - 40 * A_DAY, skill=1)
        self.begin(trainee, SECOND[0], self.now - 5 * A_DAY)

    def someone(self, number: int) -> None:
        """A fictional trainee, whose name says so and whom nobody can sign in as."""
        address = f"demo-trainee-{number}@example.org"
        if User.objects.filter(email=address).exists():
            return
        began_at = self.now - self.chance.uniform(20, 360) * A_DAY
        trainee = User.objects.create_user(
            address, first_name="Demo trainee", last_name=str(number), date_joined=began_at
        )
        trainee.groups.add(self.group)
        self.describe(trainee, began_at)
        first = OTHER_FIRST if number % 10 == 0 else FIRST
        skill = self.chance.uniform(0.75, 1)
        if number % 12 == 0:
            self.begin(trainee, first, began_at)
        elif self.take(trainee, first, began_at, skill) and number % 3 == 0:
            self.take(trainee, self.chance.choice(SECOND), began_at + 10 * A_DAY, skill)

    def describe(self, trainee: User, started_at: dt.datetime) -> None:
        """Say where the trainee is, unless she has said so herself."""
        grade = self.chance.choice(self.grades)
        TraineeProfile.objects.get_or_create(
            user=trainee,
            defaults={
                "stage": grade.stage,
                "grade": grade,
                "region": self.chance.choice(self.regions),
                "specialty": self.chance.choice(self.specialties),
                "working_percent": self.chance.choice(WORKING_PERCENTS),
                "training_started_on": timezone.localdate(started_at),
            },
        )

    def begin(self, trainee: User, slug: str, at: dt.datetime) -> None:
        """Start a module and read its first lesson."""
        if module := self.modules.get(slug):
            enrolment.start(trainee=trainee, module=module, key=self.key(), at=at)
            progress.read_lesson(trainee=trainee, lesson=module.lessons[0], at=at + A_LESSON)

    def take(self, trainee: User, slug: str, at: dt.datetime, skill: float) -> bool:
        """Take a module to its end, a day between attempts; whether it was passed."""
        module = self.modules.get(slug)
        if module is None:
            return False
        enrolment.start(trainee=trainee, module=module, key=self.key(), at=at)
        for lesson in module.lessons:
            at += A_LESSON
            progress.read_lesson(trainee=trainee, lesson=lesson, at=at)
        for _ in range(module.attempts_allowed):
            if self.sit(trainee, module, at, skill):
                self.completions += 1
                return True
            at += A_DAY
        return False

    def sit(self, trainee: User, module: ModulePage, at: dt.datetime, skill: float) -> bool:
        """Take the assessment once; whether it was passed."""
        attempt = attempts.start_attempt(
            trainee=trainee, module=module, key=self.key(), at=at, chance=self.chance
        )
        self.respond(trainee, attempt, at, skill)
        submission = attempts.submit_attempt(
            trainee=trainee, attempt_id=attempt.pk, key=self.key(), at=at + 2 * A_LESSON
        )
        return submission.passed

    def respond(self, trainee: User, attempt: Attempt, at: dt.datetime, skill: float) -> None:
        for position, question in enumerate(attempt.paper, start=1):
            attempts.save_answer(
                trainee=trainee,
                attempt_id=attempt.pk,
                position=position,
                key=self.key(),
                response=answer(question, skill=skill, chance=self.chance),
                at=at + position * dt.timedelta(minutes=1),
            )

    def key(self) -> UUID:
        """What a browser would have made for a form."""
        return UUID(int=self.chance.getrandbits(128), version=4)
