"""Whom a trainee lets see her record, and when she stopped."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from syllabus.append_only import AppendOnlyModel, AppendOnlyQuerySet


class ShareQuerySet(AppendOnlyQuerySet):
    """Questions about consents."""

    def in_force(self, at: dt.datetime) -> models.QuerySet[Share]:
        """Those that are neither withdrawn nor over at `at`."""
        return self.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=at),
            shared_at__lte=at,
            withdrawal__isnull=True,
        )

    def with_any_of(self, addresses: Iterable[str], at: dt.datetime) -> models.QuerySet[Share]:
        """Those in force with whoever has one of these confirmed addresses, newest first."""
        lower = [address.lower() for address in addresses]
        shares = self.in_force(at).filter(supervisor_email__in=lower)
        return shares.select_related("trainee", "withdrawal").order_by("-shared_at", "pk")


class Share(AppendOnlyModel):
    """A trainee's consent that the person with this address may see this part of her record.

    `module_keys` lists the modules; an empty list means all, also those completed later. The
    address is kept in lower case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trainee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shares"
    )
    supervisor_name = models.CharField(max_length=150)
    supervisor_email = models.EmailField(db_index=True)
    module_keys = models.JSONField(default=list)
    key = models.UUIDField()
    shared_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trainee", "key"], name="share_asked_once"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("shared_at")),
                name="share_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"Shared with {self.supervisor_name}"


class ShareWithdrawal(AppendOnlyModel):
    """The trainee took her consent back."""

    share = models.OneToOneField(Share, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Withdrawn at {self.withdrawn_at}"
