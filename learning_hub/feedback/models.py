"""A problem that a visitor reported, and what became of it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models

LONGEST_TEXT = 2_000
LONGEST_PATH = 500
EMAIL_KEPT_FOR = dt.timedelta(days=90)


class Category(models.TextChoices):
    """What is wrong, in a visitor's words."""

    OUT_OF_DATE = "out-of-date", "Something is out of date"
    WRONG = "wrong", "Something is wrong"
    BROKEN = "broken", "Something is broken"
    HARD_TO_USE = "hard-to-use", "It is hard to use or to understand"
    INACCESSIBLE = "inaccessible", "I cannot use it with my assistive technology"
    OTHER = "other", "Something else"


class ReportState(models.TextChoices):
    """What became of a report."""

    NEW = "new", "New"
    HANDLED = "handled", "Handled"
    DISMISSED = "dismissed", "Dismissed"


class ProblemReportQuerySet(models.QuerySet["ProblemReport"]):
    """Questions about reports."""

    def open(self) -> ProblemReportQuerySet:
        """Those that nobody has dealt with."""
        return self.filter(state=ReportState.NEW)

    def newest_first(self) -> ProblemReportQuerySet:
        """In the order in which editors read them."""
        return self.order_by("-reported_at", "-pk")

    def to_forget(self, at: dt.datetime) -> ProblemReportQuerySet:
        """Those whose sender's address has been kept for long enough."""
        return self.exclude(email="").filter(handled_at__lte=at - EMAIL_KEPT_FOR)


class ProblemReport(models.Model):
    """One report. `text` is plain text and is never shown as anything else."""

    key = models.UUIDField(unique=True, help_text="Made by the form: sent twice, it is one report.")
    path = models.CharField("address", max_length=LONGEST_PATH, blank=True)
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    category = models.CharField("what is wrong", max_length=20, choices=Category)
    text = models.TextField("what happened", max_length=LONGEST_TEXT)
    email = models.EmailField("e-mail address", blank=True)
    reported_at = models.DateTimeField("reported")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.NEW)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField("handled", null=True, blank=True)
    note = models.TextField(
        blank=True, max_length=1_000, help_text="What was done, or why nothing was. For colleagues."
    )

    objects = ProblemReportQuerySet.as_manager()

    class Meta:
        verbose_name = "problem report"
        # The list's ways to be narrowed.
        indexes = [models.Index(fields=["state", "-reported_at"], name="problem_report_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ReportState.NEW, handled_at__isnull=True)
                | models.Q(
                    state__in=[ReportState.HANDLED, ReportState.DISMISSED],
                    handled_at__isnull=False,
                ),
                name="problem_report_is_new_or_handled_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(category__in=Category.values),
                name="problem_report_has_a_known_category",
            ),
            models.CheckConstraint(
                condition=~models.Q(text=""), name="problem_report_says_something"
            ),
        ]

    def __str__(self) -> str:
        # No word of the sender's: this goes into the history, which is kept.
        return f"Report {self.pk} about {self.path or 'the site'}"
