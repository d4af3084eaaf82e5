"""Reminders: for those who asked, about what is coming up, and at most once."""

from __future__ import annotations

import datetime as dt
import re
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from learning_hub.accounts.models import TraineeProfile, User
from syllabus.append_only import RecordIsFinal
from syllabus.models import ReminderSent
from syllabus.planning.reminding import people_to_remind, remind, stop_token
from tests.factories.accounts import make_person
from tests.factories.syllabus import NOON, complete_module, make_module, make_trainee

pytestmark = pytest.mark.django_db
WEEKLY, MONTHLY = TraineeProfile.Reminders.WEEKLY, TraineeProfile.Reminders.MONTHLY
DAY = dt.timedelta(days=1)


def wants(user: User, how_often: str = WEEKLY, **facts: Any) -> User:
    TraineeProfile.objects.create(user=user, reminders=how_often, **facts)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def alice() -> User:
    """Someone with a module that has been due since 9 March 2026."""
    make_module(due_within_weeks=1)
    return wants(make_trainee(), training_started_on=dt.date(2026, 3, 2))


def run() -> str:
    out = StringIO()
    call_command("send_reminders", stdout=out)
    return out.getvalue()


def test_one_message_says_in_plain_words_what_needs_attention(alice: User) -> None:
    module = make_module("Soon to expire", validity_months=2)
    complete_module(alice, module, NOON)
    assert remind(user=alice, at=NOON) == 2
    [message] = mail.outbox
    assert message.to == ["alice@example.org"]
    assert message.subject == "Learning Hub: 2 modules to look at"
    assert "Due 9 March 2026. You have 1 week from 2 March 2026." in message.body
    assert "Expires on 2 May 2026." in message.body
    assert "http://127.0.0.1:8000/syllabus/soon-to-expire/" in message.body
    assert "not an NHS service" in message.body
    assert "{" not in message.body


@pytest.mark.parametrize(
    ("months", "days_later", "is_told"),
    [(3, 1, False), (3, 2, True), (1, 31, True), (1, 61, True), (1, 62, False)],
)
def test_expiry_is_told_from_90_days_before_to_30_days_after(
    months: int, days_later: int, is_told: bool
) -> None:
    user = wants(make_trainee())
    complete_module(user, make_module(validity_months=months), NOON)  # 2 March to 2 June or April
    assert bool(remind(user=user, at=NOON + days_later * DAY)) is is_told


@pytest.mark.parametrize(("days", "is_told"), [(31, False), (30, True), (-400, True)])
def test_deadlines_are_told_from_30_days_before_until_they_are_met(
    days: int, is_told: bool
) -> None:
    make_module(due_within_weeks=1)
    start = NOON.date() + (days - 7) * DAY
    user = wants(make_trainee(), training_started_on=start)
    assert bool(remind(user=user, at=NOON)) is is_told


def test_nothing_is_sent_where_nothing_is_coming_up() -> None:
    user = wants(make_trainee())
    make_module()
    assert remind(user=user, at=NOON) == 0
    assert mail.outbox == []
    assert not ReminderSent.objects.exists()


@pytest.mark.parametrize(("how_often", "days"), [(WEEKLY, 7), (MONTHLY, 31)])
def test_reminders_keep_the_distance_that_was_chosen(
    alice: User, how_often: str, days: int
) -> None:
    TraineeProfile.objects.update(reminders=how_often)
    assert remind(user=alice, at=NOON) == 1
    assert remind(user=alice, at=NOON + (days - 1) * DAY) == 0
    early_in_the_day = NOON + days * DAY - dt.timedelta(hours=6)
    assert remind(user=alice, at=early_in_the_day) == 1
    assert len(mail.outbox) == 2


def test_only_those_who_asked_at_a_confirmed_address_are_written_to() -> None:
    asked = wants(make_trainee())
    wants(make_trainee("never@example.org"), TraineeProfile.Reminders.NEVER)
    wants(make_person("unconfirmed@example.org", confirmed=False))
    gone = wants(make_trainee("gone@example.org"))
    gone.is_active = False
    gone.save()
    moved = wants(make_trainee("moved@example.org"))
    EmailAddress.objects.filter(user=moved).update(email="other@example.org")
    make_trainee("noprofile@example.org")
    assert list(people_to_remind()) == [asked]


def test_running_again_mails_nobody_twice_and_says_what_it_did(alice: User) -> None:
    assert "Reminders sent: 1." in run()
    assert len(mail.outbox) == 1
    assert "Reminders sent: 0." in run()
    assert len(mail.outbox) == 1


def test_killed_between_the_record_and_the_mail_it_sends_at_most_once(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(message: EmailMessage) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert ReminderSent.objects.count() == 1
    assert "Reminders sent: 0." in run()
    assert mail.outbox == []


def test_a_mail_that_fails_stops_nobody_elses(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(make_trainee("bob@example.org"), training_started_on=dt.date(2026, 3, 2))
    send = EmailMessage.send

    def fails_for_alice(message: EmailMessage) -> int:
        if message.to == ["alice@example.org"]:
            raise OSError("The mail server does not answer.")
        return send(message)

    monkeypatch.setattr(EmailMessage, "send", fails_for_alice)
    with pytest.raises(CommandError, match="failed: 1"):
        run()
    assert [message.to for message in mail.outbox] == [["bob@example.org"]]


def test_the_database_refuses_two_reminders_a_day_and_any_change(alice: User) -> None:
    remind(user=alice, at=NOON)
    sent = ReminderSent.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderSent.objects.create(
            user=alice, sent_on=sent.sent_on, sent_at=timezone.now(), modules=1
        )
    with pytest.raises(RecordIsFinal):
        ReminderSent.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        ReminderSent.objects.all()._raw_delete("default")
    assert ReminderSent.objects.count() == 1


def test_the_link_asks_first_and_stops_reminders_without_signing_in(alice: User) -> None:
    remind(user=alice, at=NOON)
    message = mail.outbox[0]
    found = re.fullmatch(
        r"<http://127\.0\.0\.1:8000(/\S+)>", message.extra_headers["List-Unsubscribe"]
    )
    assert found
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found[1] in message.body
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(found[1]).status_code == 200
    assert TraineeProfile.objects.get().reminders == WEEKLY  # a look, or a link checker
    one_click = stranger.post(found[1], {"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert TraineeProfile.objects.get().reminders == "never"
    assert stranger.post(found[1]).status_code == 200


def test_a_forged_link_stops_nothing(alice: User) -> None:
    token = stop_token(alice)
    for forged in (token[:-1], "x", "1:2:3", token.swapcase(), "%00"):
        assert Client().post(f"/reminders/stop/{forged}/").status_code == 404
    assert TraineeProfile.objects.get().reminders == WEEKLY


def test_whoever_stopped_them_in_the_meantime_gets_none(alice: User) -> None:
    TraineeProfile.objects.update(reminders="never")
    assert remind(user=alice, at=NOON) == 0
    assert mail.outbox == []
