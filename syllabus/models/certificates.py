"""What proves a completion: certificates, their revocations, and the keys that signed them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse

from syllabus.append_only import AppendOnlyModel, AppendOnlyQuerySet
from syllabus.models.records import Completion


class IssuerKey(AppendOnlyModel):
    """The public half of a signing key; the newest signs. Published for as long as we exist."""

    key_id = models.CharField(max_length=64, unique=True)
    public_jwk = models.JSONField()
    created_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key_id


class CertificateQuerySet(AppendOnlyQuerySet):
    """Questions about certificates."""

    def shown(self) -> CertificateQuerySet:
        """With all that their pages tell, in the same query."""
        return self.select_related(
            "completion__edition",
            "completion__enrolment",
            "completion__submission",
            "revocation",
        )


class Certificate(AppendOnlyModel):
    """A signed statement of one completion. Its id is the secret of its address.

    `credential` is the Open Badges 3.0 credential as a compact JWT; `status_index` is its bit in
    the revocation list number `status_list`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    completion = models.OneToOneField(
        Completion, on_delete=models.PROTECT, related_name="certificate"
    )
    holder_name = models.CharField(max_length=301)
    issued_at = models.DateTimeField()
    key_id = models.CharField(max_length=64)
    status_list = models.PositiveIntegerField()
    status_index = models.PositiveIntegerField()
    credential = models.TextField()

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="certificate_has_its_own_status_bit"
            ),
        ]

    def __str__(self) -> str:
        return f"Certificate of {self.holder_name}"

    def get_absolute_url(self) -> str:
        """Where anyone who has the address can check it."""
        return reverse("certificate", args=[self.id])


class Revocation(AppendOnlyModel):
    """A certificate, and the completion it proves, no longer counts."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="revocation"
    )
    revoked_at = models.DateTimeField()
    reason = models.CharField(max_length=255)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Revocation of {self.certificate_id}"
