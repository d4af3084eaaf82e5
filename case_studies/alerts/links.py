"""Links in messages: signed, each for one purpose, so that nothing of them needs to be stored."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.urls import reverse

from case_studies.alerts.models import CONFIRM_WITHIN, Subscription
from learning_hub.pages.origin import origin

_CONFIRM, _END = "alerts.confirm", "alerts.end"


class NotOurs(Exception):
    """The link was never made here, for this purpose."""


class TooOld(Exception):
    """The link was made here, longer ago than it holds."""


@dataclass(frozen=True)
class Named:
    """What a link names: an alert, and the address that it goes to."""

    subscription: UUID
    subscriber: UUID


def confirm_link(subscription: Subscription) -> str:
    """The whole address where the alert is confirmed; it holds seven days."""
    token = TimestampSigner(salt=_CONFIRM).sign(_name(subscription))
    return f"{origin()}{reverse('alert_confirm', args=[token])}"


def end_link(subscription: Subscription) -> str:
    """The whole address where the alert is ended; it holds for ever."""
    return f"{origin()}{reverse('alert_end', args=[end_token(subscription)])}"


def end_token(subscription: Subscription) -> str:
    """What proves that whoever shows it was written to about this alert."""
    return Signer(salt=_END).sign(_name(subscription))


def read_confirm(token: str) -> Named:
    """What a link to confirm names. Raises NotOurs or TooOld."""
    try:
        return _named(TimestampSigner(salt=_CONFIRM).unsign(token, max_age=CONFIRM_WITHIN))
    except SignatureExpired as problem:
        raise TooOld from problem
    except BadSignature as problem:
        raise NotOurs from problem


def read_end(token: str) -> Named:
    """What a link to end names. Raises NotOurs."""
    try:
        return _named(Signer(salt=_END).unsign(token))
    except BadSignature as problem:
        raise NotOurs from problem


def _name(subscription: Subscription) -> str:
    return f"{subscription.key.hex}{subscription.subscriber.key.hex}"


def _named(name: str) -> Named:
    return Named(UUID(name[:32]), UUID(name[32:]))
