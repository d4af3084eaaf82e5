"""Writes to those who send in an initiative: that it is here, and why it was declined."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from case_studies.submissions.models import Initiative

# The address may be anybody's: nobody gets more letters than this because of what others send.
RECEIPTS_A_DAY = 3
A_DAY = dt.timedelta(days=1)

logger = logging.getLogger(__name__)


def confirm_receipt(*, initiative: Initiative) -> bool:
    """Tell the sender that the initiative is here; returns whether a letter left.

    It carries no word that the sender typed, so that nobody can use it to send a message.
    """
    before = Initiative.objects.from_sender(
        initiative.sender_email, since=initiative.submitted_at - A_DAY
    )
    if before.count() > RECEIPTS_A_DAY:
        return False
    return _send(
        "Learning Hub: we have your initiative",
        render_to_string("submissions/receipt.txt", {"initiative": initiative}),
        initiative,
    )


def explain_decline(*, initiative: Initiative) -> bool:
    """Tell the sender why it was declined, if she may be contacted; whether a letter left."""
    if not (initiative.may_contact and initiative.sender_email):
        return False
    return _send(
        "Learning Hub: about the initiative that you sent in",
        render_to_string("submissions/decline.txt", {"initiative": initiative}),
        initiative,
    )


def _send(subject: str, body: str, initiative: Initiative) -> bool:
    try:
        return EmailMessage(subject=subject, body=body, to=[initiative.sender_email]).send() == 1
    except Exception:  # a mail server can fail in any way, and what was decided must stand
        logger.exception("The letter about initiative %s could not be sent", initiative.pk)
        return False
