"""Decides what each due alert will tell, and writes it down before anything is sent.

A digest and the studies in it are one transaction: whoever kills this process leaves either both
or neither, and a study that is written down for an address is never written down again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from case_studies.alerts.matching import Matcher, Published, matcher
from case_studies.alerts.models import AlertedStudy, Digest, Subscription
from learning_hub.pages.visibility import ANYONE, Visitor, visitor_for

_AT_ONCE = 500
_Groups = dict[tuple[str, tuple[str, ...]], list[Published]]


def prepare(*, at: dt.datetime) -> int:
    """Prepare a digest for every due alert that has something new to tell; how many.

    New is what was first published since the alert was confirmed and its address was never told,
    whenever it came to match or to be visible. Only one process may prepare at a time.
    """
    due = Subscription.objects.due(at)
    since = due.aggregate(since=Min("confirmed_at"))["since"]
    if since is None:
        return 0
    search = matcher(since)
    if not search.recent:
        return 0
    groups: _Groups = {}
    return sum(_prepare(batch, search, groups, at) for batch in _batches(at))


def visitor_of_alert(subscription: Subscription) -> Visitor:
    """Whose eyes an alert sees with: anyone's, unless it goes to the person that it is tied to.

    It does not once she is at another address, or her account is closed.
    """
    user = subscription.user
    if user is None or not user.is_active or user.email.lower() != subscription.subscriber.email:
        return ANYONE
    return visitor_for(user)


def _batches(at: dt.datetime) -> Iterator[Sequence[Subscription]]:
    """The due alerts, in the order of their making."""
    last = 0
    found = Subscription.objects.due(at).select_related("subscriber", "user").order_by("pk")
    while batch := list(found.filter(pk__gt=last)[:_AT_ONCE]):
        yield batch
        last = batch[-1].pk


def _prepare(
    batch: Sequence[Subscription], search: Matcher, groups: _Groups, at: dt.datetime
) -> int:
    candidates = [(each, found) for each in batch if (found := _found(each, search, groups))]
    told = _told({each.subscriber_id for each, _ in candidates})
    digests: list[Digest] = []
    studies: list[AlertedStudy] = []
    for each, found in candidates:
        known = told.setdefault(each.subscriber_id, set())
        new = list(dict.fromkeys(study.key for study in found if study.key not in known))
        if not new:
            continue
        known.update(new)
        digest = Digest(subscription=each, prepared_at=at)
        digests.append(digest)
        studies += [
            AlertedStudy(subscriber_id=each.subscriber_id, study=key, digest=digest) for key in new
        ]
    return _write(digests, studies, at)


def _found(subscription: Subscription, search: Matcher, groups: _Groups) -> list[Published]:
    """What the alert finds of what was published since it was confirmed."""
    visitor = visitor_of_alert(subscription)
    group = (subscription.filter_key, visitor.tokens)
    if group not in groups:
        groups[group] = search.matches(subscription.query, visitor)
    since = subscription.confirmed_at
    return [study for study in groups[group] if since and study.at >= since]


def _told(subscribers: set[int]) -> dict[int, set[UUID]]:
    told: dict[int, set[UUID]] = {}
    rows = AlertedStudy.objects.filter(subscriber__in=subscribers)
    for subscriber, study in rows.values_list("subscriber_id", "study"):
        told.setdefault(subscriber, set()).add(study)
    return told


def _write(digests: list[Digest], studies: list[AlertedStudy], at: dt.datetime) -> int:
    """Write it all down at once, but for alerts that have ended since; how many digests."""
    with transaction.atomic():
        wanted = Subscription.objects.filter(pk__in=[each.subscription_id for each in digests])
        standing = set(wanted.select_for_update().values_list("pk", flat=True))
        kept = [each for each in digests if each.subscription_id in standing]
        Digest.objects.bulk_create(kept)
        AlertedStudy.objects.bulk_create(
            [each for each in studies if each.digest and each.digest.pk], batch_size=_AT_ONCE
        )
        wanted.update(last_digest_at=at)
    return len(kept)
