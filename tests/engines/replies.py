"""What a server may be told to answer in a test, besides the faults of tests.servers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tests.servers.faults import NONE, Behaviour, Exchange, Fault
from tests.servers.http_messages import Message

JSON, HTML = "application/json", "text/html"
PRODUCT = "X-Elastic-Product: Elasticsearch\r\n"


def reply(
    status: int = 200, body: bytes | str = b"{}", content_type: str = JSON, product: str = PRODUCT
) -> Fault:
    """Answers everything so, and asks nobody."""
    said = body.encode() if isinstance(body, str) else body

    def answer(exchange: Exchange) -> bool:
        exchange.client.sendall(_message(status, said, content_type, product, exchange))
        return True

    return Fault(f"answers {status}", answer)


def error(status: int, kind: str, reason: str = "made by a test") -> Fault:
    """Answers everything with an error in the server's own form."""
    return reply(status, json.dumps({"error": {"type": kind, "reason": reason}, "status": status}))


def meddled(change: Callable[[Any], Fault | None]) -> Fault:
    """Passes on; `change` may change an answer in place, or give another to be made instead."""

    def answer(exchange: Exchange) -> bool:
        passed = exchange.forward()
        found = json.loads(passed.body)
        instead = change(found)
        if instead is not None:
            return instead.answer(exchange)
        body = json.dumps(found).encode()
        length = b"\r\ncontent-length: %d" % len(body)
        head = re.sub(rb"\r\ncontent-length: *\d+", length, passed.head, flags=re.IGNORECASE)
        exchange.client.sendall(head + body)
        return True

    return Fault("meddled with", answer)


def noting(note: Callable[[Message], object], then: Behaviour = NONE.answer) -> Fault:
    """Passes on, and has each request noted."""

    def answer(exchange: Exchange) -> bool:
        note(exchange.request)
        return then(exchange)

    return Fault("noted", answer)


def _message(
    status: int, body: bytes, content_type: str, product: str, exchange: Exchange
) -> bytes:
    head = (
        f"HTTP/1.1 {status} Answer\r\n{product}Content-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + (b"" if exchange.request.method == "HEAD" else body)
