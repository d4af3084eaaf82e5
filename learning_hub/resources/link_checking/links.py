"""The outside addresses that our pages link to, with what came of asking them."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

# A server may be down for an hour: a link is dead once it failed in this many runs in a row,
# the last at least this long after the first. One that says that the page is gone is dead at once.
RUNS_BEFORE_DEAD = 2
TIME_BEFORE_DEAD = dt.timedelta(days=1)


class Verdict(models.TextChoices):
    """What an answer means for the link."""

    WORKS = "works", "It works"
    UNSURE = "unsure", "It answers, but not to us"
    FAILS = "fails", "It failed"
    GONE = "gone", "The page is gone"


FAILURES = (Verdict.FAILS, Verdict.GONE)


class CheckedLinkQuerySet(models.QuerySet["CheckedLink"]):
    """Questions about links."""

    def dead(self) -> CheckedLinkQuerySet:
        """Those that an editor should mend."""
        failed_for_long = Q(
            verdict=Verdict.FAILS,
            times_failed__gte=RUNS_BEFORE_DEAD,
            checked_at__gte=F("failing_since") + TIME_BEFORE_DEAD,
        )
        return self.filter(Q(verdict=Verdict.GONE) | failed_for_long)

    def to_ask(self, *, since: dt.datetime) -> CheckedLinkQuerySet:
        """Those that nobody asked since then, those never asked first."""
        not_yet = Q(checked_at__isnull=True) | Q(checked_at__lt=since)
        return self.filter(not_yet).order_by(F("checked_at").asc(nulls_first=True), "pk")


class CheckedLink(models.Model):
    """An address, without what follows a “#”. `status` is its last answer in plain words."""

    address = models.CharField(max_length=2000, unique=True)
    verdict = models.CharField(max_length=6, choices=Verdict, blank=True)
    status = models.CharField(max_length=255, blank=True)
    checked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    times_failed = models.PositiveIntegerField(default=0)

    objects = CheckedLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", checked_at__isnull=True)
                | (Q(checked_at__isnull=False) & ~Q(verdict="")),
                name="checked_link_has_a_verdict_once_asked",
            ),
            models.CheckConstraint(
                condition=Q(failing_since__isnull=True, times_failed=0)
                | Q(failing_since__isnull=False, times_failed__gt=0),
                name="checked_link_fails_since_its_first_failure",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class LinkPlace(models.Model):
    """A page that links to an address."""

    link = models.ForeignKey(CheckedLink, on_delete=models.CASCADE, related_name="places")
    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="outside_links"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "page"], name="link_place_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.link}"
