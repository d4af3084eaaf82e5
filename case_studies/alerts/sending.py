"""Sends prepared digests, each marked as soon as the mail server has it.

A process that is killed between the two leaves one digest that the server has and that is not
marked. It is sent again, under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db.models import F

from case_studies import facets
from case_studies.alerts.messages import digest_message
from case_studies.alerts.models import AlertedStudy, Digest, Subscriber
from case_studies.alerts.preparing import visitor_of_alert
from case_studies.alerts.subscribing import end_all
from case_studies.models import CaseStudyPage
from learning_hub.pages.visibility import all_restrictions, audience_of
from learning_hub.taxonomy import vocabulary
from search.page_source import NEVER_PUBLISHED

GIVE_UP_AFTER = dt.timedelta(days=5)
# So many messages in a row refused for good, and an address is dead.
MOST_REFUSALS = 3
# So many troubles in a row, and the mail server is left alone until the next run.
MOST_TROUBLES = 3
SECONDS_TO_WAIT = 30
_AT_ONCE = 200
_POLICY = b"5.7."  # what a server says of the sender, not of the address
# What a digest shows of a study, and what tells who may see it.
_SHOWN = (
    "title",
    "one_line_result",
    "slug",
    "path",
    "depth",
    "url_path",
    "locale",
    "content_type",
    "translation_key",
    "first_published_at",
    "live",
    "expired",
    "expire_at",
)

Clock = Callable[[], dt.datetime]
_Letters = Mapping[int, Sequence[CaseStudyPage]]


class Refused(Exception):
    """The mail server will never take this message."""


class NotNow(Exception):
    """The mail server did not take this message now."""


class Trouble(NotNow):
    """The mail server cannot be spoken to."""


@dataclass
class Tally:
    """What became of the prepared digests; `trouble` says why the rest was left."""

    sent: int = 0
    refused: int = 0
    postponed: int = 0
    withdrawn: int = 0
    trouble: str = ""

    @property
    def seen(self) -> int:
        """How many digests were looked at."""
        return self.sent + self.refused + self.postponed + self.withdrawn


class Line:
    """One connection to the mail server, kept open for many messages."""

    def __init__(self) -> None:
        self._connection: Any = get_connection(timeout=SECONDS_TO_WAIT)

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. Raises Refused, NotNow or Trouble.

        Servers end a line after so many messages; it is opened again once.
        """
        try:
            self._send(message)
        except Trouble:
            self.close()
            self._send(message)

    def close(self) -> None:
        """End the conversation, in whatever state it is."""
        with suppress(SMTPException, OSError):
            self._connection.close()

    def _send(self, message: EmailMessage) -> None:
        try:
            self._connection.open()
            self._connection.send_messages([message])
        except SMTPRecipientsRefused as problem:
            raise _answer(*next(iter(problem.recipients.values()))) from problem
        except SMTPDataError as problem:
            raise _answer(problem.smtp_code, problem.smtp_error) from problem
        except (SMTPServerDisconnected, SMTPResponseException, OSError) as problem:
            raise Trouble(str(problem)) from problem


def send_prepared(*, clock: Clock, goes_on: Callable[[], bool]) -> Iterator[Tally]:
    """Send what is prepared, oldest first; yields the tally after each digest.

    What fails for one address stops no other. Stops where `goes_on` says so, or the server
    cannot be spoken to. Only one process may send at a time.
    """
    tally, line, troubles = Tally(), Line(), 0
    try:
        for digest, message in _messages(tally):
            if not goes_on():
                break
            try:
                line.send(message)
                _mark_sent(digest, clock())
                tally.sent, troubles = tally.sent + 1, 0
            except Refused as problem:
                _mark_refused(digest, clock(), str(problem))
                tally.refused, troubles = tally.refused + 1, 0
            except NotNow as problem:
                _postpone(digest, clock(), str(problem))
                tally.postponed += 1
                troubles = troubles + 1 if isinstance(problem, Trouble) else 0
                if troubles == MOST_TROUBLES:
                    tally.trouble = str(problem)
                    break
            yield tally
    finally:
        line.close()
    yield tally


def _answer(code: int, text: bytes | str) -> Refused | NotNow:
    said = text if isinstance(text, bytes) else text.encode()
    words = f"{code} {said.decode(errors='replace')}"
    if code == 421:  # it hangs up
        return Trouble(words)
    is_for_good = code >= 500 and not said.startswith(_POLICY)
    return Refused(words) if is_for_good else NotNow(words)


def _messages(tally: Tally) -> Iterator[tuple[Digest, EmailMessage]]:
    """Each digest that still stands when its turn comes, with its message."""
    last, waiting = 0, Digest.objects.to_send()
    found = waiting.select_related("subscription__subscriber", "subscription__user")
    collection = facets.library(cache(vocabulary.current))
    while batch := list(found.filter(pk__gt=last)[:_AT_ONCE]):
        letters = _letters(batch)
        for digest in batch:
            if not letters[digest.pk]:
                _withdraw(digest)
                tally.withdrawn += 1
            elif waiting.filter(pk=digest.pk).exists():  # else it was ended just now
                yield digest, digest_message(digest, letters[digest.pk], collection)
        last = batch[-1].pk


def _letters(digests: Sequence[Digest]) -> _Letters:
    """The studies of each digest, newest first, that its reader may still see.

    The others are noted as not told, so that they are new again once they can be seen.
    """
    rows = list(AlertedStudy.objects.filter(digest__in=[digest.pk for digest in digests]))
    pages = _pages([row.study for row in rows])
    tokens = {digest.pk: set(visitor_of_alert(digest.subscription).tokens) for digest in digests}
    letters: dict[int, list[CaseStudyPage]] = {digest.pk: [] for digest in digests}
    unseen: list[int] = []
    for row in rows:
        page, audience = pages.get(row.study, (None, frozenset()))
        if page is not None and row.digest_id and audience & tokens[row.digest_id]:
            letters[row.digest_id].append(page)
        else:
            unseen.append(row.pk)
    AlertedStudy.objects.filter(pk__in=unseen).delete()
    for studies in letters.values():
        studies.sort(key=lambda page: page.first_published_at or NEVER_PUBLISHED, reverse=True)
    return letters


def _pages(keys: Sequence[Any]) -> dict[Any, tuple[CaseStudyPage, frozenset[str]]]:
    barriers = all_restrictions()
    found = CaseStudyPage.objects.live().only(*_SHOWN).filter(translation_key__in=set(keys))
    return {page.translation_key: (page, audience_of(page, barriers)) for page in found}


def _mark_sent(digest: Digest, at: dt.datetime) -> None:
    Digest.objects.filter(pk=digest.pk).update(sent_at=at)
    if digest.subscription.subscriber.refusals:
        Subscriber.objects.filter(pk=digest.subscription.subscriber_id).update(refusals=0)


def _mark_refused(digest: Digest, at: dt.datetime, why: str) -> None:
    """Give the digest up; an address that refused too many in a row is forgotten."""
    _give_up(digest, at, why)
    subscriber = digest.subscription.subscriber
    Subscriber.objects.filter(pk=subscriber.pk).update(refusals=F("refusals") + 1)
    if Subscriber.objects.filter(pk=subscriber.pk, refusals__gte=MOST_REFUSALS).exists():
        end_all(subscriber=subscriber.key)


def _postpone(digest: Digest, at: dt.datetime, why: str) -> None:
    if digest.prepared_at <= at - GIVE_UP_AFTER:
        _give_up(digest, at, why)


def _give_up(digest: Digest, at: dt.datetime, why: str) -> None:
    Digest.objects.filter(pk=digest.pk).update(failed_at=at, failure=why[:200])


def _withdraw(digest: Digest) -> None:
    """Forget a digest that has nothing left to tell."""
    Digest.objects.filter(pk=digest.pk).delete()
