"""A real mail server in a thread, which keeps what it accepts and refuses what a test says."""

from __future__ import annotations

import email
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Letter:
    """What the server took: for whom, under which name, telling which studies."""

    recipient: str
    name: str
    titles: tuple[str, ...]


@dataclass
class MailServer:
    """`answers` are what it says to some recipients instead of taking their mail."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    most_a_session: int = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Begin a message, unless this session has had enough of them."""
        if not any(session is known for known in self.sessions):
            self.sessions.append(session)
            session.messages = 0
        session.messages += 1
        if self.most_a_session and session.messages > self.most_a_session:
            return "421 4.7.0 Too many messages, goodbye"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        """Take a recipient, or say what the test wants said."""
        self.asked.append(address)
        answer = self.answers.get(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a message."""
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content)
        text = message.get_payload(decode=True).decode()
        titles = tuple(re.findall(r"^- (.+?)\r?$", text, re.MULTILINE))
        letter = Letter(envelope.rcpt_tos[0], message["Message-ID"], titles)
        self.letters.append(letter)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server on a free port of this machine."""
    kept = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        kept.port = int(probe.getsockname()[1])
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
