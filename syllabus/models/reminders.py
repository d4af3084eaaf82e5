"""Which reminders were sent, so that nobody gets the same twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from syllabus.append_only import AppendOnlyModel, AppendOnlyQuerySet


class ReminderSent(AppendOnlyModel):
    """A message about what falls due and expires was handed to the mail server, or about to be."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders_sent"
    )
    sent_on = models.DateField(help_text="The day, where the site is.")
    sent_at = models.DateTimeField()
    modules = models.PositiveSmallIntegerField(help_text="How many modules it was about.")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "sent_on"], name="one_reminder_a_day_at_most"),
        ]

    def __str__(self) -> str:
        return f"Reminder of {self.sent_on}"
