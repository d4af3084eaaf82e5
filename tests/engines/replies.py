"""What a server may be told to answer in a test, besides the faults of tests.servers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from tests.servers.faults import NONE, Behaviour, Exchange, Fault
from tests.servers.http_messages import CHUNKED, Message

JSON, HTML = "application/json", "text/html"
_HOW_LONG = re.compile(
    rb"\r\n(?:content-length: *\d+|transfer-encoding: *chunked)", flags=re.IGNORECASE
)
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
        found = json.loads(_content(passed))
        instead = change(found)
        if instead is not None:
            return instead.answer(exchange)
        body = json.dumps(found).encode()
        length = b"\r\ncontent-length: %d" % len(body)
        exchange.client.sendall(_HOW_LONG.sub(length, passed.head) + body)
        return True

    return Fault("meddled with", answer)


def noting(note: Callable[[Message], object], then: Behaviour = NONE.answer) -> Fault:
    """Passes on, and has each request noted."""

    def answer(exchange: Exchange) -> bool:
        note(exchange.request)
        return then(exchange)

    return Fault("noted", answer)


def _content(message: Message) -> bytes:
    """The body, put together where it came in pieces."""
    if not CHUNKED.search(message.head):
        return message.body
    pieces, rest = [], message.body
    while size := int(rest[: rest.index(b"\r\n")].split(b";")[0], 16):
        begin = rest.index(b"\r\n") + 2
        pieces.append(rest[begin : begin + size])
        rest = rest[begin + size + 2 :]
    return b"".join(pieces)


def _message(
    status: int, body: bytes, content_type: str, product: str, exchange: Exchange
) -> bytes:
    head = (
        f"HTTP/1.1 {status} Answer\r\n{product}Content-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + (b"" if exchange.request.method == "HEAD" else body)
