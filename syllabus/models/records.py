"""What trainees did: enrolments, lessons read, attempts, answers, completions. Append-only."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from syllabus.append_only import AppendOnlyModel, AppendOnlyQuerySet


class ModuleEdition(AppendOnlyModel):
    """What a module was when somebody completed it; certificates attest this and not the page.

    `facts` holds title, level, version, domains, outcomes, minutes, rule, pass mark and lessons;
    `digest` is their SHA-256, so that the same state is kept once.
    """

    module_key = models.UUIDField(db_index=True)
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    facts = models.JSONField()
    first_used_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["module_key", "digest"], name="module_edition_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    @property
    def title(self) -> str:
        """The module's title in this edition."""
        return str(self.facts["title"])


class Enrolment(AppendOnlyModel):
    """One time through a module. Starting again, to renew or after failing, is a new one."""

    trainee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments"
    )
    module_key = models.UUIDField()
    number = models.PositiveSmallIntegerField(help_text="1 for the first time.")
    key = models.UUIDField(help_text="Made by whoever asked, so that asking twice starts once.")
    started_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trainee", "module_key", "number"], name="enrolment_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["trainee", "module_key", "key"], name="enrolment_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Enrolment {self.number} of {self.trainee}"


class LessonRead(AppendOnlyModel):
    """A trainee said that she has read a lesson."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="lessons_read")
    lesson_key = models.UUIDField()
    title = models.CharField(max_length=255)
    read_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="lesson_read_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Attempt(AppendOnlyModel):
    """One go at an assessment, with the questions as they were drawn.

    `paper` is a list with one dict a question; see `syllabus.drawing`. It holds the answer keys:
    nothing but `drawing.shown` may take it to a browser before the attempt is marked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField()
    edition = models.ForeignKey(ModuleEdition, on_delete=models.PROTECT, related_name="attempts")
    paper = models.JSONField()
    pass_percent = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="attempt_numbered_once"),
            models.UniqueConstraint(fields=["enrolment", "key"], name="attempt_asked_once"),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("started_at")),
                name="attempt_closes_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number}"

    def is_out_of_time(self, at: dt.datetime) -> bool:
        """Whether answers given at `at` come too late."""
        return self.closes_at is not None and at >= self.closes_at


class Answer(AppendOnlyModel):
    """One answer as it was given. Of several to the same question the last counts.

    `number` counts the answers to one question, from 1.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField(help_text="Of the question on the paper, from 1.")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField()
    response = models.JSONField()
    saved_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "position", "number"], name="answer_numbered_once"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="answer_position_from_1"),
        ]

    def __str__(self) -> str:
        return f"Answer to question {self.position}"


class Submission(AppendOnlyModel):
    """The end of an attempt, and its mark.

    `marks` is a list with one dict a question: position, question, response, is_correct.
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="submission")
    key = models.UUIDField()
    submitted_at = models.DateTimeField()
    ran_out_of_time = models.BooleanField(default=False)
    correct = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    marks = models.JSONField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(correct__lte=F("total")), name="submission_not_better_than_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.correct} of {self.total}"

    @property
    def percent(self) -> int:
        """The mark, rounded down: nobody passes by rounding."""
        return self.correct * 100 // self.total if self.total else 0


class Completion(AppendOnlyModel):
    """A trainee met a module's completion rule."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="completion")
    edition = models.ForeignKey(ModuleEdition, on_delete=models.PROTECT, related_name="completions")
    submission = models.OneToOneField(
        Submission, null=True, on_delete=models.PROTECT, related_name="completion"
    )
    completed_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(null=True, db_index=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("completed_at")),
                name="completion_expires_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"Completion of {self.edition}"
