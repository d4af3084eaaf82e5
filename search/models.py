"""What search keeps in the database: the journal of changes, and words that mean the same."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Min
from django.utils import timezone

from search import analysis


class JournalPosition(models.Model):
    """One row that numbers the changes. Its lock makes the order of commits their order.

    `history` tells one database from another, so that an index made of another is noticed.
    `thesaurus` counts the changes of synonyms, so that a copy of them knows its age.
    """

    number = models.PositiveBigIntegerField(default=0)
    history = models.UUIDField(default=uuid.uuid4)
    thesaurus = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_journal_position")
        ]

    def __str__(self) -> str:
        return f"Journal at {self.number}"

    @classmethod
    def current(cls) -> JournalPosition:
        """The position now, in one query; a position of nothing before the first change."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, history=uuid.UUID(int=0))

    @classmethod
    def advance(cls, column: str = "number") -> int:
        """Count one more change and return its number; others wait until this commits."""
        if not cls.objects.filter(pk=1).update(**{column: F(column) + 1}):
            cls.objects.get_or_create(pk=1)
            cls.objects.filter(pk=1).update(**{column: F(column) + 1})
        return cls.objects.values_list(column, flat=True).get(pk=1)


class SearchChangeQuerySet(models.QuerySet["SearchChange"]):
    """Questions about changes."""

    def after(self, sequence: int) -> SearchChangeQuerySet:
        """The changes that an index at `sequence` does not hold, oldest first."""
        return self.filter(sequence__gt=sequence).order_by("sequence", "page_id")

    def waiting_since(self, sequence: int) -> datetime | None:
        """When the first change was noted that an index at `sequence` lacks; None where none."""
        waiting: datetime | None = self.after(sequence).aggregate(first=Min("noted_at"))["first"]
        return waiting


class SearchChange(models.Model):
    """The latest change of one page, whether it is still there or not, and when it was noted."""

    page_id = models.BigIntegerField(primary_key=True)
    sequence = models.PositiveBigIntegerField(db_index=True)
    noted_at = models.DateTimeField(default=timezone.now)

    objects = SearchChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Page {self.page_id} at {self.sequence}"


class Synonym(models.Model):
    """Words and phrases that mean the same, so that any of them finds all of them."""

    words = models.TextField(
        "words and phrases",
        help_text="One on each line, such as LTFT and less than full time. "
        "Searching for any of them finds pages that have any of the others.",
    )

    class Meta:
        ordering = ["words"]

    def __str__(self) -> str:
        return " = ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The words and phrases, one for each line that is not empty."""
        return [line.strip() for line in self.words.splitlines() if line.strip()]

    def clean(self) -> None:
        """Refuse a group that says nothing: fewer than two that differ as they are searched."""
        if len({tuple(analysis.tokens(line)) for line in self.lines} - {()}) < 2:
            raise ValidationError(
                {"words": "Write at least two words or phrases, each on a line of its own."}
            )
