"""Tells a supervisor by e-mail that a trainee lets her see a learning record."""

from __future__ import annotations

import logging
import re

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from syllabus.models import Share

LONGEST_NAME = 100
_NOT_OF_NAMES = re.compile(r"[^\w'’-]")  # no dots and slashes, of which addresses are made

logger = logging.getLogger(__name__)


def invite(*, share: Share, page_address: str) -> bool:
    """Write to the supervisor; returns whether the message left.

    It carries nothing that the trainee wrote except her name, shortened, on one line and with no
    address in it, so that nobody can use it to send a message of their own.
    """
    name = " ".join(_NOT_OF_NAMES.sub(" ", share.trainee.get_full_name()).split())[:LONGEST_NAME]
    message = EmailMessage(
        subject="Learning Hub: a trainee shares a learning record with you",
        body=render_to_string(
            "syllabus/record/invitation.txt", {"name": name, "page_address": page_address}
        ),
        to=[share.supervisor_email],
    )
    try:
        return message.send() == 1
    except Exception:  # a mail server can fail in any way, and the share must stand
        logger.exception("The message about share %s could not be sent", share.pk)
        return False
