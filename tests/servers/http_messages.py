"""Reads whole HTTP messages from a socket, byte for byte, without understanding what they say."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
CONTINUE = re.compile(rb"\r\nexpect: *100-continue", re.IGNORECASE)
WITHOUT_BODY = re.compile(rb"HTTP/1\.[01] (1\d\d|204|304) ")


class Ended(Exception):
    """The other side closed the connection before a message was whole."""


@dataclass(frozen=True)
class Message:
    """A request or an answer: everything up to the empty line, and the body as it was sent."""

    head: bytes
    body: bytes = b""

    @property
    def method(self) -> str:
        """Of a request, such as GET."""
        return self.head.split(b" ", 1)[0].decode("latin-1")

    @property
    def path(self) -> str:
        """Of a request, with its query."""
        return self.head.split(b" ", 2)[1].decode("latin-1")


class Reader:
    """Takes message after message from one connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._rest = bytearray()

    def request(self) -> Message:
        """The next request. Raises Ended, OSError."""
        head = self._until(b"\r\n\r\n")
        if CONTINUE.search(head):
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return Message(head, self._body(head))

    def answer(self, method: str) -> Message:
        """The next answer, to a request of that method. Raises Ended, OSError."""
        head = self._until(b"\r\n\r\n")
        if method == "HEAD" or WITHOUT_BODY.match(head):
            return Message(head)
        return Message(head, self._body(head))

    def _body(self, head: bytes) -> bytes:
        if length := LENGTH.search(head):
            return self._exactly(int(length[1]))
        return self._chunks() if CHUNKED.search(head) else b""

    def _chunks(self) -> bytes:
        chunks = []
        while True:
            line = self._until(b"\r\n")
            size = int(line.split(b";")[0], 16)
            chunks += [line, self._exactly(size) if size else b"", self._until(b"\r\n")]
            if not size:
                return b"".join(chunks)

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            self._more()
        end = self._rest.index(mark) + len(mark)
        return self._take(end)

    def _exactly(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._more()
        return self._take(count)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._rest[:count])
        del self._rest[:count]
        return taken

    def _more(self) -> None:
        received = self._connection.recv(1 << 18)
        if not received:
            raise Ended
        self._rest += received
