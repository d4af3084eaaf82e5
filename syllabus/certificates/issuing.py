"""Issues the certificate of a completion, in the transaction that records it."""

from __future__ import annotations

import datetime as dt
import secrets

from syllabus.models import Certificate, Completion

STATUS_LIST_LENGTH = 131_072


def issue(*, completion: Completion, at: dt.datetime) -> Certificate:
    """The certificate of `completion`."""
    trainee = completion.enrolment.trainee
    return Certificate.objects.create(
        completion=completion,
        holder_name=trainee.get_full_name(),
        issued_at=at,
        key_id="",
        status_list=1,
        status_index=secrets.randbelow(STATUS_LIST_LENGTH),
        credential="",
    )
