"""The question bank: questions per learning outcome, with the feedback for each option."""

from __future__ import annotations

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, RevisionMixin

from syllabus.models.pages import LearningOutcome


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    SINGLE = "single", "One of several"
    MULTIPLE = "multiple", "All that apply"
    TRUE_FALSE = "true_false", "True or false"
    ORDERING = "ordering", "Put in order"
    MATCHING = "matching", "Match pairs"
    NUMERIC = "numeric", "A number"


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions about questions."""

    def in_use(self) -> QuestionQuerySet:
        """Those that an assessment may draw."""
        return self.filter(is_retired=False, outcome__isnull=False)


class Question(RevisionMixin, ClusterableModel):
    """One question of the bank. An attempt keeps its own copy, so it can be changed at any time."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    outcome = models.ForeignKey(
        LearningOutcome, null=True, on_delete=models.SET_NULL, related_name="questions"
    )
    kind = models.CharField(max_length=12, choices=QuestionKind)
    stem = models.TextField("question")
    feedback = models.TextField(help_text="Why the right answer is right, for everyone.")
    number = models.DecimalField(
        "right number", max_digits=12, decimal_places=4, null=True, blank=True
    )
    tolerance = models.DecimalField(
        max_digits=12,
        decimal_places=4,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="How far off still counts.",
    )
    unit = models.CharField(max_length=40, blank=True)
    is_retired = models.BooleanField("retired", default=False, help_text="No longer drawn.")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="numeric") | models.Q(number__isnull=False),
                name="numeric_question_has_its_number",
            ),
            models.CheckConstraint(
                condition=models.Q(tolerance__gte=0), name="question_tolerance_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.stem


class Option(Orderable):
    """One option: in its right place where the question is to order, with its match in pairs."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="options")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.CharField(max_length=255)
    is_correct = models.BooleanField("correct", default=False)
    match = models.CharField(max_length=255, blank=True, help_text="For pairs: what belongs to it.")
    feedback = models.TextField(blank=True, help_text="For whoever chose it.")

    def __str__(self) -> str:
        return self.text
