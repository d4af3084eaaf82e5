"""Who is mailed which new case studies, and what each of them has been sent.

An address is kept only while it has an alert. Ending the last alert of an address, or not
confirming the first, deletes the address with all that was noted of it.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

# An alert that nobody confirms is forgotten after this time, and its link no longer works.
CONFIRM_WITHIN = dt.timedelta(days=7)
# Somewhat less than a day or a week: the command never starts at the very same second.
_SLACK = dt.timedelta(hours=1)


class Frequency(models.TextChoices):
    """How often a digest goes out at most."""

    DAILY = "daily", "Once a day at most"
    WEEKLY = "weekly", "Once a week at most"


INTERVALS = {
    Frequency.DAILY: dt.timedelta(days=1) - _SLACK,
    Frequency.WEEKLY: dt.timedelta(days=7) - _SLACK,
}


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Questions about addresses."""

    def without_alerts(self) -> SubscriberQuerySet:
        """Addresses that nothing keeps here."""
        return self.filter(subscriptions__isnull=True)


class Subscriber(models.Model):
    """An address that has alerts. `key` stands for it in links, so that no link shows it.

    `refusals` counts the messages in a row that its mail server refused for good.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    refusals = models.PositiveSmallIntegerField(default=0)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="alert_address_in_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Questions about alerts."""

    def confirmed(self) -> SubscriptionQuerySet:
        """Alerts whose address said yes."""
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed_since(self, at: dt.datetime) -> SubscriptionQuerySet:
        """Alerts that were asked for before `at` and that nobody confirmed."""
        return self.filter(confirmed_at__isnull=True, requested_at__lt=at)

    def due(self, at: dt.datetime) -> SubscriptionQuerySet:
        """Confirmed alerts whose last digest is long enough ago; the first may go at once.

        An alert of somebody whose account is closed is never due.
        """
        waited = Q(last_digest_at__isnull=True)
        for frequency, interval in INTERVALS.items():
            waited |= Q(frequency=frequency, last_digest_at__lte=at - interval)
        is_open = Q(user__isnull=True) | Q(user__is_active=True)
        return self.confirmed().filter(waited, is_open)


class Subscription(models.Model):
    """One alert: a filter of the library, mailed to an address.

    `query` is the filter as it stands in an address, without its question mark and in a fixed
    order; `filter_key` is the same for filters that find the same. `user` is set where she asked
    for it signed in, at her own confirmed address: the alert then finds what she may see.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="subscriptions"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="alerts"
    )
    query = models.TextField(blank=True)
    filter_key = models.CharField(max_length=64)
    frequency = models.CharField(max_length=6, choices=Frequency)
    requested_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_digest_at = models.DateTimeField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "filter_key"], name="one_alert_an_address_and_filter"
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values), name="alert_frequency_known"
            ),
            models.CheckConstraint(
                condition=Q(last_digest_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="alert_confirmed_before_first_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"?{self.query}"

    @property
    def is_confirmed(self) -> bool:
        """Whether the address said yes."""
        return self.confirmed_at is not None


class DigestQuerySet(models.QuerySet["Digest"]):
    """Questions about digests."""

    def to_send(self) -> DigestQuerySet:
        """Digests that are neither sent nor given up, oldest first; none of a closed account."""
        is_open = Q(subscription__user__isnull=True) | Q(subscription__user__is_active=True)
        waiting = self.filter(is_open, sent_at__isnull=True, failed_at__isnull=True)
        return waiting.order_by("pk")

    def closed_before(self, at: dt.datetime) -> DigestQuerySet:
        """Digests that were sent or given up before `at`."""
        return self.filter(Q(sent_at__lt=at) | Q(failed_at__lt=at))


class Digest(models.Model):
    """One message of one alert. Its Message-ID follows from `uuid`, however often it is sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="digests")
    prepared_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                name="digest_sent_or_failed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
                name="digests_to_send",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class AlertedStudy(models.Model):
    """That an address is told of a study: once, whichever of its alerts finds it first.

    `study` is the page's translation key. `digest` is the message that tells it; it is empty once
    that message is old or its alert has ended, and the study is still not told again.
    """

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="studies")
    study = models.UUIDField()
    digest = models.ForeignKey(Digest, null=True, on_delete=models.SET_NULL, related_name="studies")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "study"], name="a_study_is_told_once_an_address"
            ),
        ]

    def __str__(self) -> str:
        return str(self.study)
