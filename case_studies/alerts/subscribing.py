"""How an alert begins, changes and ends."""

from __future__ import annotations

import datetime as dt
import enum
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from case_studies.alerts.filters import Filter
from case_studies.alerts.models import (
    CONFIRM_WITHIN,
    AlertedStudy,
    Digest,
    Frequency,
    Subscriber,
    Subscription,
)
from learning_hub.accounts.models import User

# What has been sent is looked up for as long as somebody may ask about it.
KEEP_DIGESTS = dt.timedelta(days=90)


class Confirmation(enum.Enum):
    """What came of following a link to confirm."""

    DONE = "done"
    DONE_BEFORE = "done-before"
    ENDED = "ended"


def owns(user: User, email: str) -> bool:
    """Whether `email` is the address that `user` signs in with, and she has confirmed it."""
    if user.email.lower() != email:
        return False
    own = EmailAddress.objects.filter(user=user, primary=True, verified=True)
    return bool(own.filter(email__iexact=email).exists())


def alerts_of(user: User) -> QuerySet[Subscription]:
    """The confirmed alerts to the address of `user`, once she has confirmed it; newest first."""
    email = user.email.lower()
    found = Subscription.objects.confirmed().filter(subscriber__email=email)
    found = found if owns(user, email) else found.none()
    return found.select_related("subscriber").order_by("-confirmed_at", "-pk")


@transaction.atomic
def ask(*, email: str, wanted: Filter, frequency: str, at: dt.datetime) -> Subscription:
    """The alert of this address and filter: a new one waits to be confirmed.

    One that waits already is asked for anew; one that is confirmed stays as it is, since
    anyone can ask.
    """
    subscription, is_new = _subscription(email, wanted, frequency, at)
    if not is_new and not subscription.is_confirmed:
        subscription.frequency, subscription.requested_at = Frequency(frequency), at
        subscription.save(update_fields=["frequency", "requested_at"])
    return subscription


@transaction.atomic
def begin(*, user: User, wanted: Filter, frequency: str, at: dt.datetime) -> Subscription:
    """An alert to a signed-in person at her own confirmed address, at once and tied to her.

    Raises ValueError where the address is not confirmed: then only `ask` will do.
    """
    email = user.email.lower()
    if not owns(user, email):
        raise ValueError("The address is not confirmed.")
    subscription, _ = _subscription(email, wanted, frequency, at)
    subscription.user, subscription.frequency = user, Frequency(frequency)
    subscription.confirmed_at = subscription.confirmed_at or at
    subscription.save(update_fields=["user", "frequency", "confirmed_at"])
    return subscription


@transaction.atomic
def confirm(*, key: UUID, at: dt.datetime) -> Confirmation:
    """Turn an alert on, once."""
    waiting = Subscription.objects.filter(key=key, confirmed_at__isnull=True)
    if waiting.update(confirmed_at=at):
        return Confirmation.DONE
    is_on = Subscription.objects.filter(key=key).exists()
    return Confirmation.DONE_BEFORE if is_on else Confirmation.ENDED


@transaction.atomic
def end(*, key: UUID) -> None:
    """End one alert; ending it again changes nothing. The last takes the address with it."""
    subscription = Subscription.objects.filter(key=key).first()
    if subscription is None:
        return
    # What it was about to tell, another alert of the same address may still tell.
    untold = Digest.objects.to_send().filter(subscription=subscription)
    AlertedStudy.objects.filter(digest__in=untold.order_by().values("pk")).delete()
    subscription.delete()
    Subscriber.objects.without_alerts().filter(pk=subscription.subscriber_id).delete()


@transaction.atomic
def end_all(*, subscriber: UUID) -> None:
    """End all alerts of an address and forget it; doing so again changes nothing."""
    Subscriber.objects.filter(key=subscriber).delete()


@transaction.atomic
def change_frequency(*, subscription: Subscription, frequency: str) -> None:
    """Mail an alert more or less often."""
    subscription.frequency = Frequency(frequency)
    subscription.save(update_fields=["frequency"])


@transaction.atomic
def tidy_up(*, at: dt.datetime) -> int:
    """Forget alerts that nobody confirmed in time, and what is old; how many alerts."""
    late = Subscription.objects.unconfirmed_since(at - CONFIRM_WITHIN)
    number = late.count()
    late.delete()
    Subscriber.objects.without_alerts().delete()
    Digest.objects.closed_before(at - KEEP_DIGESTS).delete()
    return number


def _subscription(
    email: str, wanted: Filter, frequency: str, at: dt.datetime
) -> tuple[Subscription, bool]:
    subscriber, _ = Subscriber.objects.get_or_create(email=email)
    return Subscription.objects.select_related("subscriber").get_or_create(
        subscriber=subscriber,
        filter_key=wanted.key,
        defaults={"query": wanted.query, "frequency": Frequency(frequency), "requested_at": at},
    )
