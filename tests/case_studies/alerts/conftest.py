"""What tests of alerts share: mail that is read, and the command."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from email.message import Message

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.management import call_command

Run = Callable[[], str]


@pytest.fixture(autouse=True)
def _unthrottled(db: None) -> Iterator[None]:
    """Counts of an earlier test must not stop this one."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def send_alerts(search_index: object) -> Run:
    """Run the command; what it prints."""

    def run() -> str:
        printed = io.StringIO()
        call_command("send_alerts", stdout=printed)
        return printed.getvalue()

    return run


def path_in(message: EmailMessage, kind: str) -> str:
    """The path of the link to `confirm` or `end` in a message."""
    found = re.search(rf"http://[^/\s]+(/alerts/{kind}/\S+)", str(message.body))
    assert found, message.body
    return found[1]


def to(email: str) -> list[EmailMessage]:
    """The messages to an address, oldest first."""
    return [message for message in mail.outbox if message.to == [email]]


def headers(message: EmailMessage) -> Message:
    """The message as it goes over the wire."""
    return message.message()
