"""The field's vocabularies: terms that pages are described with and found by."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models, transaction
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class VocabularyRevision(models.Model):
    """One row that counts the changes of all vocabularies, so that a copy knows its age."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_vocabulary_revision")
        ]

    def __str__(self) -> str:
        return f"Vocabularies, revision {self.number}"

    @classmethod
    def advance(cls) -> None:
        """Count one more change, in the transaction of the change itself."""
        cls.objects.filter(pk=1).update(number=models.F("number") + 1)


class TermQuerySet(models.QuerySet["Term"]):
    """Questions about terms."""

    def offered(self) -> TermQuerySet:
        """The terms that a new study may use: neither retired nor merged into another."""
        return self.filter(is_retired=False, merged_into__isnull=True)


class Term(ClusterableModel):
    """One entry of a vocabulary.

    The slug is for ever: it stands in addresses, feeds and other people's links. A merged term
    keeps its row so that its slug still leads to the term it became.
    """

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    description = models.TextField(
        blank=True, help_text="What belongs under this term, for editors and visitors."
    )
    position = models.PositiveIntegerField(
        default=0, help_text="Terms are listed from the lowest number up."
    )
    is_retired = models.BooleanField(
        "retired",
        default=False,
        help_text="Not offered for new pages. Pages that have it keep it and are still found.",
    )
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_terms",
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the term and count the change of its vocabulary."""
        super().save(*args, **kwargs)
        VocabularyRevision.advance()

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the term and count the change of its vocabulary."""
        deleted = super().delete(*args, **kwargs)
        VocabularyRevision.advance()
        return deleted


class GroupedTerm(Term):
    """A term of a vocabulary in two levels: groups, and the terms within them."""

    parent = models.ForeignKey(
        "self",
        verbose_name="group",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="narrower_terms",
        limit_choices_to={"parent__isnull": True},
        help_text="The group that this term belongs to. Leave empty for a group.",
    )

    class Meta(Term.Meta):
        abstract = True


class Specialty(GroupedTerm):
    """A specialty of postgraduate medical training, in its group."""

    class Meta(GroupedTerm.Meta):
        verbose_name_plural = "specialties"


class Region(Term):
    """A region of the workforce and training system in England."""


class FormerOffice(models.Model):
    """A local office whose area is now part of a region, under the name people remember."""

    region = ParentalKey(Region, on_delete=models.CASCADE, related_name="former_offices")
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class InterventionType(GroupedTerm):
    """What was done to recover training; examples from practice are narrower terms."""


class TraineeStage(Term):
    """A stage of postgraduate training."""


class Grade(models.Model):
    """A grade of a trainee, such as ST3, within its stage."""

    stage = ParentalKey(TraineeStage, on_delete=models.CASCADE, related_name="grades")
    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Capability(GroupedTerm):
    """What trainees become able to do, in the frameworks of the regulator and the colleges."""

    class Meta(GroupedTerm.Meta):
        verbose_name_plural = "capabilities"


class ImpactType(Term):
    """What changed for people or services."""


class Setting(Term):
    """The part of health and care where the training took place."""


class EvidenceLevel(Term):
    """How sure we can be that a study caused what it reports; says nothing of how much."""

    code = models.CharField(max_length=4, unique=True)
    strength = models.PositiveSmallIntegerField(
        default=0, help_text="Higher is stronger; orders results by evidence."
    )


class CostBand(Term):
    """A range of cost for one trainee, in pounds."""

    from_pounds = models.DecimalField(
        "from",
        max_digits=9,
        decimal_places=2,
        null=True,
        unique=True,
        validators=[MinValueValidator(0)],
        help_text="The lowest cost for one trainee in this band; empty where cost is not known.",
    )


class TrainingNeed(Term):
    """Why training was lost or extended, by the reason codes of annual reviews."""

    code = models.CharField(max_length=4, unique=True)
