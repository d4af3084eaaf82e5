"""The structured rows of a case study: outcomes, reach, files, adoptions, related studies."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Select
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.models import Orderable


class Design(models.TextChoices):
    """How an outcome was measured, from the weakest to the strongest design."""

    FEEDBACK = "feedback", "Feedback after the event"
    BEFORE_AFTER = "before-after", "Before and after, one group"
    TIME_SERIES = "time-series", "Repeated measures over time"
    COMPARISON = "comparison", "Compared with a similar group"
    RANDOMISED = "randomised", "Randomised trial"
    RECORDS = "records", "Routine records or logbooks"


class Outcome(Orderable):
    """One measure, before and after."""

    study = ParentalKey(
        "case_studies.CaseStudyPage", on_delete=models.CASCADE, related_name="outcomes"
    )
    measure = models.CharField(
        max_length=200, help_text="What was measured, such as “cases performed for each trainee”."
    )
    unit = models.CharField(
        max_length=60, blank=True, help_text="What the numbers count, such as “%” or “cases”."
    )
    baseline = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="The value before."
    )
    follow_up = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="The value afterwards."
    )
    number_measured = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many people or records were measured (n)."
    )
    design = models.CharField(
        max_length=20, choices=Design, help_text="How it was measured; the strongest that applies."
    )
    higher_is_better = models.BooleanField(
        default=True, help_text="Leave unticked where less is better, such as days of waiting."
    )

    panels = [
        FieldPanel("measure"),
        FieldRowPanel([FieldPanel("unit"), FieldPanel("baseline"), FieldPanel("follow_up")]),
        FieldRowPanel([FieldPanel("number_measured"), FieldPanel("design")]),
        FieldPanel("higher_is_better"),
    ]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.measure

    @property
    def change(self) -> Decimal | None:
        """Follow-up less baseline, in the row's unit; None where either is missing."""
        if self.baseline is None or self.follow_up is None:
            return None
        return Decimal(self.follow_up) - Decimal(self.baseline)


class Reach(Orderable):
    """How many of a group could have taken part, did, and finished."""

    study = ParentalKey(
        "case_studies.CaseStudyPage", on_delete=models.CASCADE, related_name="reach"
    )
    group = models.CharField(max_length=120, help_text="Such as “core surgical trainees”.")
    eligible = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many could have taken part."
    )
    took_part = models.PositiveIntegerField(null=True, blank=True, help_text="How many did.")
    completed = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many of those finished."
    )

    panels = [
        FieldPanel("group"),
        FieldRowPanel([FieldPanel("eligible"), FieldPanel("took_part"), FieldPanel("completed")]),
    ]

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(took_part__lte=models.F("eligible")),
                name="reach_took_part_within_eligible",
            ),
            models.CheckConstraint(
                condition=models.Q(completed__lte=models.F("took_part")),
                name="reach_completed_within_took_part",
            ),
        ]

    def __str__(self) -> str:
        return self.group

    def clean(self) -> None:
        """Refuse more finishers than starters, or more starters than could have started."""
        super().clean()
        if _exceeds(self.took_part, self.eligible):
            raise ValidationError({"took_part": "More took part than were eligible."})
        if _exceeds(self.completed, self.took_part):
            raise ValidationError({"completed": "More completed it than took part."})


def _exceeds(part: int | None, whole: int | None) -> bool:
    return part is not None and whole is not None and part > whole


class KitFile(Orderable):
    """A file that helps others to do the same."""

    study = ParentalKey(
        "case_studies.CaseStudyPage", on_delete=models.CASCADE, related_name="kit_files"
    )
    document = models.ForeignKey("media.HubDocument", on_delete=models.PROTECT, related_name="+")
    description = models.CharField(
        max_length=255, blank=True, help_text="What it is for, in one sentence."
    )

    panels = [FieldPanel("document"), FieldPanel("description")]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.document.title


class Adoption(Orderable):
    """Somewhere else that took the study up, and what it changed."""

    study = ParentalKey(
        "case_studies.CaseStudyPage", on_delete=models.CASCADE, related_name="adoptions"
    )
    organisation = models.CharField(max_length=200, help_text="Who took it up.")
    region = models.ForeignKey(
        "taxonomy.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    adopted_on = models.DateField("adopted", null=True, blank=True, help_text="When they started.")
    what_changed = models.TextField(
        blank=True, help_text="What they did differently, and how it went."
    )

    panels = [
        FieldRowPanel(
            [
                FieldPanel("organisation"),
                FieldPanel("region", widget=Select),
                FieldPanel("adopted_on"),
            ]
        ),
        FieldPanel("what_changed"),
    ]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.organisation


class RelatedStudy(Orderable):
    """Another study that an editor says belongs beside this one."""

    study = ParentalKey(
        "case_studies.CaseStudyPage", on_delete=models.CASCADE, related_name="chosen_related"
    )
    related = models.ForeignKey(
        "case_studies.CaseStudyPage", on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("related")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["study", "related"], name="related_study_named_once"),
        ]

    def __str__(self) -> str:
        return str(self.related)

    def clean(self) -> None:
        """Refuse a study that is related to itself."""
        super().clean()
        if self.related_id and self.related_id == self.study_id:
            raise ValidationError({"related": "Choose another study: this is the study itself."})
