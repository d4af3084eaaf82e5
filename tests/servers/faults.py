"""Everything that a server may do wrong when it is asked, each by a name."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tests.servers.http_messages import Message

RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Port(Enum):
    """What a stranger meets who knocks at a port."""

    OPEN = "accepts connections"
    CLOSED = "refuses connections"
    DEAF = "leaves connections unanswered: neither accepted nor refused"


@dataclass(frozen=True)
class Exchange:
    """One request that has come in, and what may be done about it."""

    request: Message
    client: socket.socket
    forward: Callable[[], Message]  # asks the real server
    over: threading.Event  # the fault has been taken away


Behaviour = Callable[[Exchange], bool]  # answers; whether the connection stays open


@dataclass(frozen=True)
class Fault:
    """A way to behave. `port` is how new connections are met, `answer` how requests are."""

    name: str
    answer: Behaviour
    port: Port = Port.OPEN

    def __str__(self) -> str:
        return self.name


def _send(exchange: Exchange, answer: Message) -> bool:
    exchange.client.sendall(answer.head + answer.body)
    return True


def _pass(exchange: Exchange) -> bool:
    return _send(exchange, exchange.forward())


def _never(exchange: Exchange) -> bool:
    exchange.over.wait()
    return False


def _hang_up(exchange: Exchange) -> bool:
    return False


def _reset(exchange: Exchange) -> bool:
    exchange.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
    return False


def _babble(exchange: Exchange) -> bool:
    exchange.client.sendall(b"\x15\x03\x01\n\n")
    return False


def _half(exchange: Exchange) -> bool:
    answer = exchange.forward()
    exchange.client.sendall(answer.head + answer.body[: len(answer.body) // 2])
    return False


def _partly(exchange: Exchange) -> bool:
    """What a server says whose shards did not all answer in time; the length stays the same."""
    answer = exchange.forward()
    body = answer.body.replace(b'"timed_out":false', b'"timed_out":true ')
    return _send(exchange, Message(answer.head, body.replace(b'"failed":0', b'"failed":1')))


def _anonymous(exchange: Exchange) -> bool:
    """The right answer, from something that does not say that it is Elasticsearch."""
    answer = exchange.forward()
    head = answer.head.replace(b"X-elastic-product", b"X-another-product")
    return _send(exchange, Message(head, answer.body))


def _canned(body: bytes, code: int = 200, content_type: str = "application/json") -> Behaviour:
    head = (
        f"HTTP/1.1 {code} Answer\r\nX-elastic-product: Elasticsearch\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return lambda exchange: _send(exchange, Message(head.encode(), _body_for(exchange, body)))


def _body_for(exchange: Exchange, body: bytes) -> bytes:
    return b"" if exchange.request.method == "HEAD" else body


def status(code: int) -> Fault:
    """Answers every request with that status and an error as Elasticsearch writes it."""
    error = {"error": {"type": "exception", "reason": "made by a test"}, "status": code}
    return Fault(str(code), _canned(json.dumps(error).encode(), code))


def slow(seconds: float) -> Fault:
    """Answers rightly, but only after so long."""

    def answer(exchange: Exchange) -> bool:
        exchange.over.wait(seconds)
        return _pass(exchange)

    return Fault(f"slow by {seconds:g} s", answer)


def drip(pause: float) -> Fault:
    """Answers rightly and at once, a byte at a time with a pause after each."""

    def answer(exchange: Exchange) -> bool:
        whole = exchange.forward()
        for byte in whole.head + whole.body:
            exchange.client.sendall(bytes([byte]))
            if exchange.over.wait(pause):
                return False
        return True

    return Fault(f"drip every {pause:g} s", answer)


NONE = Fault("none", _pass)
REFUSED = Fault("refused", _hang_up, Port.CLOSED)
DEAF = Fault("deaf", _never, Port.DEAF)
SILENT = Fault("silent", _never)
SLOW = slow(10)
DRIP = drip(0.5)
UNAVAILABLE = status(503)
TOO_MANY = status(429)
BAD_GATEWAY = Fault("502", _canned(b"<html>Bad gateway</html>", 502, "text/html"))
UNAUTHORISED = status(401)
FORBIDDEN = status(403)
TRUNCATED = Fault("truncated", _half)
GARBAGE = Fault("garbage", _canned(b'{"took":1,"hits":\x00\xff\xfe<html>\x80' * 9))
NOT_HTTP = Fault("not HTTP", _babble)
MISSHAPEN = Fault("misshapen", _canned(b'{"hits":[],"items":7,"acknowledged":"perhaps"}'))
EMPTY = Fault("empty", _canned(b""))
RESET = Fault("reset", _reset)
HANGS_UP = Fault("hangs up", _hang_up)
PARTIAL = Fault("partial", _partly)
ANOTHER_PRODUCT = Fault("another product", _anonymous)

FAULTS = (
    *(REFUSED, DEAF, SILENT, SLOW, DRIP, UNAVAILABLE, TOO_MANY, BAD_GATEWAY, UNAUTHORISED),
    *(FORBIDDEN, TRUNCATED, GARBAGE, NOT_HTTP, MISSHAPEN, EMPTY, RESET, HANGS_UP, PARTIAL),
    ANOTHER_PRODUCT,
)
