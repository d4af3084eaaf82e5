"""Revokes a certificate: a new record, after which the completion no longer counts."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from learning_hub.accounts.models import User
from syllabus.models import Certificate, Revocation
from syllabus.refusals import Refused


class AlreadyRevoked(Refused):
    """The certificate was revoked before."""

    def __init__(self) -> None:
        super().__init__("This certificate is revoked already.")


def revoke(*, certificate: Certificate, reason: str, by: User, at: dt.datetime) -> Revocation:
    """Revoke `certificate` for good. `reason` is shown to anyone who checks it.

    Raises AlreadyRevoked.
    """
    try:
        with transaction.atomic():
            return Revocation.objects.create(
                certificate=certificate, revoked_at=at, reason=reason, revoked_by=by
            )
    except IntegrityError:
        raise AlreadyRevoked from None
