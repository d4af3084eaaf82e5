"""What a certificate is worth at a moment: current, expired or revoked, and whether renewed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from syllabus.models import Certificate, Revocation


class State(StrEnum):
    """Whether a certificate counts."""

    CURRENT = "current"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Validity:
    """The state of a certificate; `renewed_at` is when a later one took its place."""

    state: State
    expires_at: dt.datetime | None
    revocation: Revocation | None
    renewed_at: dt.datetime | None


def validity(certificate: Certificate, at: dt.datetime) -> Validity:
    """The state of `certificate` at `at`. One query, with the certificate read by `shown`."""
    revocation = getattr(certificate, "revocation", None)
    expires_at = certificate.completion.expires_at
    enrolment = certificate.completion.enrolment
    later = Certificate.objects.filter(
        completion__enrolment__trainee=enrolment.trainee_id,
        completion__enrolment__module_key=enrolment.module_key,
        completion__enrolment__number__gt=enrolment.number,
        revocation__isnull=True,
    ).order_by("completion__enrolment__number")
    renewal = later.first()
    state = State.CURRENT
    if revocation is not None:
        state = State.REVOKED
    elif expires_at is not None and at >= expires_at:
        state = State.EXPIRED
    return Validity(state, expires_at, revocation, renewal.issued_at if renewal else None)
