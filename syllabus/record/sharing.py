"""Shares a record with a named supervisor, and stops sharing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from learning_hub.accounts.models import User
from syllabus.models import Share, ShareWithdrawal
from syllabus.record.invitation import invite
from syllabus.refusals import Refused

SHARES_A_DAY = 20
A_DAY = dt.timedelta(days=1)
LONGEST = dt.timedelta(days=10 * 366)


class NamelessTrainee(Refused):
    """A supervisor could not tell whose record it is."""

    def __init__(self) -> None:
        super().__init__("Tell us your name first, so that your supervisor knows it is you.")


class OwnAddress(Refused):
    """The address is the trainee's own."""

    def __init__(self) -> None:
        super().__init__("This is your own email address. Enter your supervisor’s.")


class NoModules(Refused):
    """Nothing was chosen; an empty list would mean everything."""

    def __init__(self) -> None:
        super().__init__("Choose at least one module, or share all of them.")


class EndsWrongly(Refused):
    """The end is not in the years to come."""

    def __init__(self) -> None:
        super().__init__("Enter a last day from today to 10 years ahead.")


class TooManyShares(Refused):
    """Each share sends a message, and this is no way to send many."""

    def __init__(self) -> None:
        super().__init__(
            f"You have shared your record {SHARES_A_DAY} times within a day. Try again tomorrow."
        )


class ShareNotFound(Refused):
    """There is no such share, or it is someone else's: both look the same."""

    def __init__(self) -> None:
        super().__init__("There is no such share in your record.")


class Shared(NamedTuple):
    """A share, and whether the supervisor could be written to."""

    share: Share
    was_told: bool


def share(
    *,
    trainee: User,
    supervisor_name: str,
    supervisor_email: str,
    module_keys: Collection[UUID] | None,
    ends_at: dt.datetime | None,
    page_address: str,
    key: UUID,
    at: dt.datetime,
) -> Shared:
    """Let a supervisor see `module_keys` (None for all, also later ones), and write to her.

    `page_address` is where she will find it. The same key is the same share and one message.
    The message leaves once the share is safe: without it, the share stands. Raises a Refused.
    """
    asked = Share(
        trainee=trainee,
        supervisor_name=supervisor_name,
        supervisor_email=supervisor_email.strip().lower(),
        module_keys=sorted({str(each) for each in module_keys or ()}),
        key=key,
        shared_at=at,
        ends_at=ends_at,
    )
    if module_keys is not None and not module_keys:
        raise NoModules
    with transaction.atomic(durable=True):
        kept = _kept(asked)
    if kept is not asked:
        return Shared(kept, was_told=True)
    return Shared(asked, was_told=invite(share=asked, page_address=page_address))


def withdraw(*, trainee: User, share_id: UUID, at: dt.datetime) -> Share:
    """Stop sharing, from now on. Stopping twice is stopping once. Raises ShareNotFound."""
    kept = Share.objects.filter(trainee=trainee, pk=share_id).first()
    if kept is None:
        raise ShareNotFound
    ShareWithdrawal.objects.get_or_create(share=kept, defaults={"withdrawn_at": at})
    return kept


def _kept(asked: Share) -> Share:
    """`asked`, saved, or the share that its key made before."""
    # One share of a trainee at a time: what has been counted stays true.
    trainee = User.objects.select_for_update().get(pk=asked.trainee_id)
    before = Share.objects.filter(trainee=trainee, key=asked.key).first()
    if before is not None:
        return before
    _refuse(trainee, asked)
    asked.save()
    return asked


def _refuse(trainee: User, asked: Share) -> None:
    if not trainee.get_full_name():
        raise NamelessTrainee
    own = EmailAddress.objects.filter(user=trainee).values_list("email", flat=True)
    if asked.supervisor_email in {trainee.email.lower(), *(each.lower() for each in own)}:
        raise OwnAddress
    if asked.ends_at and not asked.shared_at < asked.ends_at <= asked.shared_at + LONGEST:
        raise EndsWrongly
    today = Share.objects.filter(trainee=trainee, shared_at__gt=asked.shared_at - A_DAY)
    if today.count() >= SHARES_A_DAY:
        raise TooManyShares
