"""An initiative that somebody sent in, and what became of it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models

LONGEST_TEXT = 5_000
SENDER_KEPT_FOR = dt.timedelta(days=90)


class InitiativeState(models.TextChoices):
    """Where an initiative is on its way to the library."""

    NEW = "new", "New"
    IN_REVIEW = "in-review", "In review"
    TAKEN_UP = "taken-up", "Taken up"
    DECLINED = "declined", "Declined"


OPEN = (InitiativeState.NEW, InitiativeState.IN_REVIEW)
DECIDED = (InitiativeState.TAKEN_UP, InitiativeState.DECLINED)


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    """Questions about initiatives."""

    def open(self) -> InitiativeQuerySet:
        """Those that nobody has decided on."""
        return self.filter(state__in=OPEN)

    def from_sender(self, email: str, *, since: dt.datetime) -> InitiativeQuerySet:
        """Those that were sent in with this address, after `since`."""
        return self.filter(sender_email__iexact=email, submitted_at__gt=since)

    def to_forget(self, at: dt.datetime) -> InitiativeQuerySet:
        """Those whose sender has been kept for long enough."""
        return self.exclude(sender_email="").filter(decided_at__lte=at - SENDER_KEPT_FOR)


class Initiative(models.Model):
    """What somebody did to recover training. All texts are plain text."""

    key = models.UUIDField(
        unique=True, help_text="Made by the form: sent twice, it is one initiative."
    )
    title = models.CharField(max_length=200)
    what_was_wrong = models.TextField("what was wrong", max_length=LONGEST_TEXT)
    what_was_done = models.TextField("what was done", max_length=LONGEST_TEXT)
    what_came_of_it = models.TextField("what came of it", max_length=LONGEST_TEXT)
    do_differently = models.TextField(
        "what they would do differently", max_length=LONGEST_TEXT, blank=True
    )
    specialties = models.ManyToManyField(
        "taxonomy.Specialty", blank=True, related_name="initiatives"
    )
    stages = models.ManyToManyField("taxonomy.TraineeStage", blank=True, related_name="initiatives")
    region = models.ForeignKey(
        "taxonomy.Region",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="initiatives",
    )
    organisation = models.CharField(max_length=200)
    started_on = models.DateField("started", null=True, blank=True)
    link = models.URLField("more about it", max_length=300, blank=True)
    sender_name = models.CharField("sent in by", max_length=150, blank=True)
    sender_role = models.CharField("role", max_length=120, blank=True)
    sender_email = models.EmailField("e-mail address", blank=True)
    may_contact = models.BooleanField("may be contacted", default=False)
    may_publish = models.BooleanField("may be published", default=False)
    submitted_at = models.DateTimeField("sent in")
    state = models.CharField(max_length=10, choices=InitiativeState, default=InitiativeState.NEW)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField("decided", null=True, blank=True)
    reason = models.TextField("reason for declining", max_length=2_000, blank=True)
    study = models.OneToOneField(
        "case_studies.CaseStudyPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="initiative",
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "-submitted_at"], name="initiative_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, decided_at__isnull=True)
                | models.Q(state__in=DECIDED, decided_at__isnull=False),
                name="initiative_is_open_or_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(study__isnull=True) | models.Q(state=InitiativeState.TAKEN_UP),
                name="initiative_has_a_study_once_taken_up",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=InitiativeState.DECLINED) | ~models.Q(reason=""),
                name="initiative_is_declined_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(may_publish=True), name="initiative_comes_with_consent"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state in OPEN

    @property
    def may_be_taken_up(self) -> bool:
        """Whether a draft can be made of it: it has none, and was not declined."""
        return self.study_id is None and self.state != InitiativeState.DECLINED
