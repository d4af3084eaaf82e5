"""What alerts write: the question whether they are wanted, and the digests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from case_studies.alerts.filters import Filter, read_back
from case_studies.alerts.links import confirm_link, end_link
from case_studies.alerts.models import Digest, Frequency, Subscription
from case_studies.models import CaseStudyPage
from learning_hub.pages.origin import origin
from search.contract import Collection

_SUBJECT = "Learning Hub: {}"
_LONGEST_SUBJECT = 140


def confirmation(subscription: Subscription) -> EmailMessage:
    """Asks whether the alert is wanted; says that it is on where it is."""
    context = _context(subscription, read_back(subscription.query))
    if subscription.is_confirmed:
        subject, template = "your alert is on already", "already_on.txt"
    else:
        subject, template = "confirm your alert", "confirm.txt"
        context["confirm"] = confirm_link(subscription)
    return EmailMessage(
        subject=_SUBJECT.format(subject),
        body=render_to_string(f"case_studies/alerts/{template}", context),
        to=[subscription.subscriber.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def digest_message(
    digest: Digest, studies: Sequence[CaseStudyPage], collection: Collection
) -> EmailMessage:
    """The message of a digest; the same digest has the same Message-ID whenever it is made."""
    subscription = digest.subscription
    title = read_back(subscription.query, len(studies), collection)
    context = _context(subscription, read_back(subscription.query, 0, collection))
    lines = [(study, f"{origin()}{study.get_url() or '/'}") for study in studies]
    context |= {"title": title, "lines": lines}
    return EmailMessage(
        subject=Truncator(_SUBJECT.format(title)).chars(_LONGEST_SUBJECT),
        body=render_to_string("case_studies/alerts/digest.txt", context),
        to=[subscription.subscriber.email],
        headers={"Message-ID": message_id(digest), **_ways_out(context["end"])},
    )


def message_id(digest: Digest) -> str:
    """The name of a digest's message, for mailboxes that drop what they have already."""
    return f"<alert-{digest.uuid}@{urlsplit(origin()).hostname or 'localhost'}>"


def _ways_out(end: str) -> Mapping[str, str]:
    """RFC 8058: the mail program itself can end the alert, with one press."""
    return {
        "List-Unsubscribe": f"<{end}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def _context(subscription: Subscription, filter: str) -> dict[str, Any]:
    wanted = Filter(subscription.query)
    return {
        "filter": filter,
        "frequency": Frequency(subscription.frequency).label.lower(),
        "library": f"{origin()}{wanted.library}",
        "feed": f"{origin()}{wanted.feed}",
        "end": end_link(subscription),
        "mine": f"{origin()}{reverse('my_alerts')}",
    }
