"""Headline figures: a number, what it counts, who says so, and for when."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.formats import date_format
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

MINUS = "−"
SAYS_WHEN = "%(class)s_says_when"


class HeadlineFigure(Orderable):
    """One figure. Every figure names its source, and a date or a period."""

    value = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(
        max_length=40,
        blank=True,
        help_text="What is written with the number, such as “%”, “% growth” or “£ million”.",
    )
    counts = models.CharField(
        "what it counts", max_length=255, help_text="Such as “learners positive about supervision”."
    )
    source = models.CharField(max_length=255, help_text="Who published it, and where.")
    dated_on = models.DateField("date", null=True, blank=True, help_text="The day it holds for.")
    period = models.CharField(
        max_length=120, blank=True, help_text="Or the time it covers, such as “April to June 2022”."
    )

    panels = [
        FieldRowPanel([FieldPanel("value"), FieldPanel("unit")]),
        FieldPanel("counts"),
        FieldPanel("source"),
        FieldRowPanel([FieldPanel("dated_on"), FieldPanel("period")]),
    ]

    class Meta(Orderable.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dated_on__isnull=False) | ~models.Q(period=""),
                name=SAYS_WHEN,
                violation_error_message="Give the date of this figure, or its period.",
            ),
            models.CheckConstraint(
                condition=~models.Q(source="") & ~models.Q(counts=""),
                name="%(class)s_says_what_and_whence",
                violation_error_message="Say what this figure counts, and where it comes from.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.written}: {self.counts}"

    @property
    def written(self) -> str:
        """The value with its unit, as it is read."""
        return figure_text(Decimal(self.value), self.unit)

    @property
    def when(self) -> str:
        """The date or the period, as it is read."""
        return date_format(self.dated_on, "j F Y") if self.dated_on else self.period

    @property
    def sentence(self) -> str:
        """All of it in one line, for search."""
        return f"{self.written} {self.counts}."


def figure_text(value: Decimal, unit: str) -> str:
    """Such as “31,000”, “90%”, “26% growth”, “£1.5 million”, “−3 days”."""
    sign, number, unit = (MINUS if value < 0 else ""), f"{abs(value):,f}", unit.strip()
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    if unit.startswith("£"):
        return f"{sign}£{number} {unit[1:].strip()}".rstrip()
    if unit.startswith("%"):
        return f"{sign}{number}{unit}"
    return f"{sign}{number} {unit}".rstrip()
