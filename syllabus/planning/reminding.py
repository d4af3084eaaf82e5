"""Reminds by e-mail of what falls due and what expires: only those who asked, and never twice.

The rule is at most once: a reminder is recorded before it goes to the mail server. Whoever ends
this process in between loses one reminder, and nobody gets one twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from learning_hub.accounts.models import TraineeProfile, User
from learning_hub.pages.origin import origin
from learning_hub.pages.visibility import visitor_for
from syllabus.models import ModulePage, ReminderSent
from syllabus.planning.deadlines import deadline
from syllabus.standing import Standing, standings
from syllabus.studying.standing_lines import day

EXPIRES_WITHIN = dt.timedelta(days=90)
EXPIRED_WITHIN = dt.timedelta(days=30)
DUE_WITHIN = dt.timedelta(days=30)
# 31 days: never two in one month, however short it is.
DAYS_BETWEEN = {TraineeProfile.Reminders.WEEKLY: 7, TraineeProfile.Reminders.MONTHLY: 31}
_STOP = "syllabus.reminders.stop"


@dataclass(frozen=True)
class Notice:
    """One module in a reminder: `on` sorts it, `text` says what and when."""

    on: dt.date
    title: str
    text: str
    address: str


def people_to_remind() -> QuerySet[User]:
    """Those who asked for reminders, at the address that they sign in with and have confirmed."""
    return (
        User.objects.filter(
            is_active=True,
            profile__reminders__in=list(DAYS_BETWEEN),
            emailaddress__verified=True,
            emailaddress__email__iexact=F("email"),
        )
        .select_related("profile")
        .distinct()
        .order_by("pk")
    )


def remind(*, user: User, at: dt.datetime) -> int:
    """Send `user` one message about what is coming up; returns about how many modules.

    Nothing is sent, and 0 returned, where nothing is coming up, or the last reminder is too
    recent. What the mail server raises is raised; the reminder counts as sent all the same.
    """
    notices = notices_for(user, at)
    if not notices or not _recorded(user, at, len(notices)):
        return 0
    _message(user, notices).send()
    return len(notices)


def notices_for(user: User, at: dt.datetime) -> list[Notice]:
    """What expires soon or has just expired, falls due soon or is overdue; the earliest first."""
    modules = ModulePage.objects.visible_to(visitor_for(user)).defer("body")
    found = standings(user.pk, modules, at)
    rows = [notice for where in found.values() for notice in _notices(where, user)]
    return sorted(rows, key=lambda notice: (notice.on, notice.title))


def stop_token(user: User) -> str:
    """What stops this person's reminders without signing in. It lasts as long as the message."""
    return signing.dumps(user.pk, salt=_STOP)


def user_of(token: str) -> int | None:
    """The id of the user whose reminders this token stops; None where it is not one of ours."""
    try:
        number: int = signing.loads(token, salt=_STOP)
    except signing.BadSignature:
        return None
    return number


def _notices(where: Standing, user: User) -> Iterator[Notice]:
    title, address = where.module.title, f"{origin()}{where.module.get_url() or '/'}"
    limit = deadline(where, user)
    if limit and limit.on <= timezone.localdate(where.at + DUE_WITHIN):
        yield Notice(limit.on, title, f"{limit.text} {limit.reason}", address)
    expires_at = where.completion.expires_at if where.completion else None
    if expires_at is None or where.is_revoked:
        return
    if where.at < expires_at <= where.at + EXPIRES_WITHIN:
        yield Notice(_date(expires_at), title, f"Expires on {day(expires_at)}.", address)
    elif where.at - EXPIRED_WITHIN <= expires_at <= where.at:
        yield Notice(_date(expires_at), title, f"Expired on {day(expires_at)}.", address)


@transaction.atomic
def _recorded(user: User, at: dt.datetime, modules: int) -> bool:
    """Record that a reminder goes out; False where another went too recently, or is unwanted.

    The profile is locked: of two processes at once, the second sees what the first recorded.
    """
    profile = TraineeProfile.objects.select_for_update().get(user=user)
    last = ReminderSent.objects.filter(user=user).order_by("sent_on").last()
    today = timezone.localdate(at)
    days = DAYS_BETWEEN.get(TraineeProfile.Reminders(profile.reminders))
    if days is None or (last and today < last.sent_on + dt.timedelta(days=days)):
        return False
    ReminderSent.objects.create(user=user, sent_on=today, sent_at=at, modules=modules)
    return True


def _message(user: User, notices: list[Notice]) -> EmailMessage:
    stop = f"{origin()}{reverse('reminders_stop', args=[stop_token(user)])}"
    context: dict[str, Any] = {
        "name": user.get_short_name(),
        "notices": notices,
        "hub": f"{origin()}{reverse('my_hub')}",
        "profile": f"{origin()}{reverse('profile')}",
        "stop": stop,
    }
    return EmailMessage(
        subject=f"Learning Hub: {_many(len(notices))} to look at",
        body=render_to_string("syllabus/planning/reminder.txt", context),
        to=[user.email],
        headers={
            # RFC 8058: the mail program itself can stop the reminders.
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _many(modules: int) -> str:
    return "1 module" if modules == 1 else f"{modules} modules"


def _date(moment: dt.datetime) -> dt.date:
    return timezone.localdate(moment)
