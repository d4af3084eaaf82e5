"""The field's vocabularies: terms that pages are described with and found by."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Coalesce
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

POSITION_STEP = 10  # room between terms, so that one can be put between two others


class VocabularyRevision(models.Model):
    """One row that counts the changes of all vocabularies, so that a copy knows its age.

    The stamp is never the same twice: a number that a rollback took back comes again, and a copy
    made before the rollback would pass for the new state.
    """

    number = models.PositiveBigIntegerField(default=0)
    stamp = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_vocabulary_revision")
        ]

    def __str__(self) -> str:
        return f"Vocabularies, revision {self.number}"

    @classmethod
    def advance(cls) -> None:
        """Count one more change, in the transaction of the change itself and before it.

        Who changes any vocabulary at the same time waits here, and then sees what changed.
        """
        cls.objects.filter(pk=1).update(number=models.F("number") + 1, stamp=uuid.uuid4())


class CountedQuerySet(models.QuerySet[Any]):
    """Bulk changes count as changes of the vocabularies, as single ones do."""

    @transaction.atomic
    def update(self, **values: Any) -> int:
        """Update in bulk, and count the change."""
        VocabularyRevision.advance()
        return super().update(**values)

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Create in bulk, and count the change."""
        VocabularyRevision.advance()
        return super().bulk_create(objs, *args, **kwargs)

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete one by one, so that no term that is in use slips through."""
        deleted: dict[str, int] = {}
        for row in self:
            for label, count in row.delete()[1].items():
                deleted[label] = deleted.get(label, 0) + count
        return sum(deleted.values()), deleted


class CountedModel(models.Model):
    """A row whose change is a change of the vocabularies."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and count the change."""
        VocabularyRevision.advance()
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and count the change."""
        VocabularyRevision.advance()
        return super().delete(*args, **kwargs)


class TermInUse(models.ProtectedError):
    """The term cannot be deleted: something still refers to it. The message says what."""

    def __init__(self, term: Term, uses: Iterable[models.Model]) -> None:
        self.uses = list(uses)
        what = f"“{term}” is in use and cannot be deleted. Retire it, or merge it into another."
        super().__init__(what, set(self.uses))

    def __str__(self) -> str:
        return str(self.args[0])


class TermQuerySet(CountedQuerySet):
    """Questions about terms."""

    def offered(self) -> TermQuerySet:
        """The terms that a new study may use: neither retired nor merged into another."""
        return self.filter(is_retired=False, merged_into__isnull=True)

    def unmerged(self) -> TermQuerySet:
        """The terms that stand for themselves, retired ones too."""
        return self.filter(merged_into__isnull=True)

    def in_order(self) -> TermQuerySet:
        """As visitors see them: by position, and each group followed by the terms within it."""
        if not issubclass(self.model, GroupedTerm):
            return self.order_by("position", "name")
        return self.order_by(
            Coalesce("parent__position", "position"),
            Coalesce("parent__name", "name"),
            models.F("parent_id").asc(nulls_first=True),
            "position",
            "name",
        )


class Term(CountedModel, ClusterableModel):
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
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")),
                name="%(class)s_is_not_merged_into_itself",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the term; a new one without a position goes to the end."""
        if self._state.adding and not self.position:
            last = self.siblings().aggregate(last=models.Max("position"))["last"] or 0
            self.position = last + POSITION_STEP
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a term that nothing uses. Raises TermInUse."""
        if uses := self.uses():
            raise TermInUse(self, uses)
        return super().delete(*args, **kwargs)

    def siblings(self) -> TermQuerySet:
        """The terms among which this one has its place."""
        return type(self)._default_manager.all()

    @classmethod
    def relations(cls) -> list[models.ForeignObjectRel]:
        """All relations to this vocabulary, those without a name for the way back too."""
        return [
            field
            for field in cls._meta.get_fields(include_hidden=True)
            if isinstance(field, models.ForeignObjectRel)
            # The tables behind many-to-many fields; the fields themselves are relations too.
            and not field.related_model._meta.auto_created
        ]

    def uses(self) -> list[models.Model]:
        """A row from each table that refers to this term, but for rows that belong to it."""
        found = []
        for relation in self.relations():
            if isinstance(relation.field, ParentalKey):
                continue  # former offices and grades belong to the term, and go with it
            rows = relation.related_model._base_manager.filter(**{relation.field.name: self.pk})
            found += list(rows[:1])
        return found


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
        constraints = [
            *Term.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="%(class)s_is_not_its_own_group",
            ),
        ]

    def siblings(self) -> TermQuerySet:
        """The terms of the same group, or the groups."""
        return type(self)._default_manager.filter(models.Q(parent_id=self.parent_id))

    def clean(self) -> None:
        """Refuse a third level: a group holds terms, and terms hold nothing."""
        super().clean()
        if self.parent_id is None:
            return
        if self.parent_id == self.pk or (self.parent and self.parent.parent_id):
            raise ValidationError({"parent": "Choose a group, not a term within one."})
        if self.pk and self.narrower_terms.exists():
            raise ValidationError({"parent": "This is a group with terms in it; keep it one."})


class Specialty(GroupedTerm):
    """A specialty of postgraduate medical training, in its group."""

    class Meta(GroupedTerm.Meta):
        verbose_name_plural = "specialties"


class Region(Term):
    """A region of the workforce and training system in England."""


class FormerOffice(CountedModel):
    """A local office whose area is now part of a region, under the name people remember."""

    region = ParentalKey(Region, on_delete=models.CASCADE, related_name="former_offices")
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)

    objects = CountedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class InterventionType(GroupedTerm):
    """What was done to recover training; examples from practice are narrower terms."""


class TraineeStage(Term):
    """A stage of postgraduate training."""


class Grade(CountedModel):
    """A grade of a trainee, such as ST3, within its stage."""

    stage = ParentalKey(TraineeStage, on_delete=models.CASCADE, related_name="grades")
    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)

    objects = CountedQuerySet.as_manager()

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


class SafetyDomain(Term):
    """A domain of the NHS patient safety syllabus."""
