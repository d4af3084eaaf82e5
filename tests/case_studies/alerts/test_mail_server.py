"""Sending to a real mail server that refuses, puts off, hangs up and is away."""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone

from case_studies.alerts.models import Digest, Subscriber, Subscription
from case_studies.alerts.preparing import prepare
from case_studies.alerts.sending import send_prepared
from tests.case_studies.alerts.conftest import Run
from tests.case_studies.alerts.mail_server import MailServer, mail_server
from tests.factories.alerts import make_alert, make_new_study

pytestmark = pytest.mark.usefixtures("search_index")
PEOPLE = [f"{name}@example.org" for name in ("alice", "bob", "carol", "dave", "erin")]


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    """A mail server, and five people who have something to be told."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        for person in PEOPLE:
            make_alert(person)
        make_new_study()
        yield server


def served(post: MailServer) -> list[str]:
    return [letter.recipient for letter in post.letters]


def test_one_connection_serves_many(post: MailServer, send_alerts: Run) -> None:
    assert "Digests sent: 5." in send_alerts()
    assert served(post) == PEOPLE
    assert len(post.sessions) == 1


def test_an_address_that_is_refused_stops_nobody_and_is_not_tried_again(
    post: MailServer, send_alerts: Run
) -> None:
    post.answers["bob@example.org"] = "550 5.1.1 No such user"
    assert "Digests sent: 4. Refused for good: 1." in send_alerts()
    digest = Digest.objects.get(failed_at__isnull=False)
    assert "550 5.1.1 No such user" in digest.failure
    post.asked.clear()
    send_alerts()
    assert post.asked == []


def test_an_address_that_is_refused_three_times_in_a_row_is_forgotten(
    post: MailServer, send_alerts: Run
) -> None:
    post.answers["bob@example.org"] = "550 5.1.1 No such user"
    for number in range(3):
        assert Subscriber.objects.filter(email="bob@example.org").exists()
        send_alerts()
        make_new_study(f"Study {number}")
        Subscription.objects.update(last_digest_at=timezone.now() - dt.timedelta(days=2))
    assert not Subscriber.objects.filter(email="bob@example.org").exists()
    assert Subscriber.objects.count() == 4


def test_an_address_that_takes_mail_again_starts_afresh(post: MailServer, send_alerts: Run) -> None:
    Subscriber.objects.update(refusals=2)
    send_alerts()
    assert set(Subscriber.objects.values_list("refusals", flat=True)) == {0}


@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted", "554 5.7.1 Relay access denied"])
def test_what_is_put_off_is_sent_by_the_next_run(
    post: MailServer, send_alerts: Run, answer: str
) -> None:
    post.answers["bob@example.org"] = answer
    assert "Digests sent: 4. Refused for good: 0. Left for the next run: 1." in send_alerts()
    post.answers.clear()
    assert "Digests sent: 1." in send_alerts()
    assert sorted(served(post)) == PEOPLE


def test_what_is_put_off_for_five_days_is_given_up(post: MailServer, send_alerts: Run) -> None:
    post.answers["bob@example.org"] = "451 4.7.1 Greylisted"
    send_alerts()
    Digest.objects.update(prepared_at=timezone.now() - dt.timedelta(days=6))
    send_alerts()
    post.answers.clear()
    assert "Digests sent: 0." in send_alerts()
    assert "bob@example.org" not in served(post)


def test_a_server_that_hangs_up_is_called_again(post: MailServer, send_alerts: Run) -> None:
    post.answers["carol@example.org"] = "421 4.7.0 Too many, goodbye"
    assert "Left for the next run: 1." in send_alerts()
    assert sorted(set(served(post))) == sorted(set(PEOPLE) - {"carol@example.org"})


def test_a_server_that_takes_two_messages_a_connection_gets_them_all(
    post: MailServer, send_alerts: Run
) -> None:
    post.most_a_session = 2
    assert "Digests sent: 5." in send_alerts()
    assert served(post) == PEOPLE
    assert len(post.sessions) == 3


def test_a_server_that_is_away_loses_nothing(
    post: MailServer, send_alerts: Run, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    with pytest.raises(CommandError, match="The mail server cannot be spoken to"):
        send_alerts()
    assert (Digest.objects.to_send().count(), post.letters) == (5, [])
    settings.EMAIL_PORT = post.port
    assert "Digests sent: 5." in send_alerts()
    assert served(post) == PEOPLE


def test_a_run_that_is_asked_to_stop_finishes_its_message(
    post: MailServer, send_alerts: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from case_studies.alerts import sending  # noqa: PLC0415

    plain = sending._mark_sent

    def mark_and_be_stopped(digest: Digest, at: dt.datetime) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        plain(digest, at)

    monkeypatch.setattr(sending, "_mark_sent", mark_and_be_stopped)
    before = signal.getsignal(signal.SIGTERM)
    assert "Stopped when asked to." in send_alerts()
    assert signal.getsignal(signal.SIGTERM) is before
    assert (served(post), Digest.objects.to_send().count()) == (PEOPLE[:1], 4)
    monkeypatch.undo()


def test_an_alert_that_ends_while_others_are_sent_is_not_sent(
    post: MailServer, send_alerts: Run
) -> None:
    prepare(at=timezone.now())
    for tally in send_prepared(clock=timezone.now, goes_on=lambda: True):
        if tally.sent == 1:
            Subscriber.objects.filter(email="bob@example.org").delete()
    assert served(post) == [
        "alice@example.org",
        "carol@example.org",
        "dave@example.org",
        "erin@example.org",
    ]
