"""Issues the certificate of a completion, in the transaction that records it."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import IntegrityError, transaction
from django.db.models import Count

from syllabus.certificates import issuer, jose
from syllabus.certificates.credential import credential_of
from syllabus.certificates.status_list import LENGTH
from syllabus.models import Certificate, Completion

# Half full: every second draw finds a free bit, and each stays hidden among the others.
FULL = LENGTH // 2


def issue(*, completion: Completion, at: dt.datetime) -> Certificate:
    """The certificate of `completion`, signed. Call inside a transaction."""
    key = issuer.signing_key(at)
    number = _open_list()
    while True:
        certificate = Certificate(
            completion=completion,
            holder_name=completion.enrolment.trainee.get_full_name(),
            issued_at=at,
            key_id=key.thumbprint(),
            status_list=number,
            status_index=secrets.randbelow(LENGTH),
        )
        certificate.credential = jose.sign(
            credential_of(certificate), key=key, key_url=issuer.key_url(key)
        )
        try:
            with transaction.atomic():
                certificate.save()
        except IntegrityError:
            if Certificate.objects.filter(completion=completion).exists():
                raise
            continue  # somebody else's certificate has this bit: draw another
        return certificate


def _open_list() -> int:
    """The number of the revocation list that still has room. One query."""
    lists = Certificate.objects.values("status_list").annotate(used=Count("pk"))
    last = lists.order_by("-status_list").first()
    if last is None:
        return 1
    number: int = last["status_list"]
    return number + 1 if last["used"] >= FULL else number
