"""Stands in front of a real server and lets it fail in every way, switched while it runs."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.servers.faults import NONE, Exchange, Fault, Port
from tests.servers.http_messages import Ended, Message, Reader
from tests.servers.ports import spare_port

LOOPBACK = "127.0.0.1"
ENOUGH_TO_FILL_A_QUEUE = 4


class FaultProxy:
    """An HTTP server at `url` that passes requests on to `upstream`, or fails as `fault` says.

    A fault holds from the next request on, on connections that are open already too; `paths` limits
    it to requests whose path matches. `requests` are those that have come in, and `connections` is
    how many were accepted: what a circuit breaker saves can be counted.
    """

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or LOOPBACK, parts.port or 80)
        self.port = spare_port()
        self.paths = ""
        self.requests: list[str] = []
        self.connections = 0
        self._now = (NONE, threading.Event())  # the event: it has been taken away
        self._clients: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._acceptor: threading.Thread | None = None
        self._callers: list[socket.socket] = []
        self._meet(Port.OPEN)

    @property
    def url(self) -> str:
        """Its address; the same for as long as it lives."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def fault(self) -> Fault:
        """How it behaves now."""
        return self._now[0]

    @fault.setter
    def fault(self, fault: Fault) -> None:
        (before, over), self._now = self._now, (fault, threading.Event())
        over.set()
        if before.port != fault.port:
            self._meet(fault.port)

    @contextmanager
    def failing(self, fault: Fault, paths: str = "") -> Iterator[FaultProxy]:
        """Behave like `fault` for as long as the block lasts."""
        self.paths, self.fault = paths, fault
        try:
            yield self
        finally:
            self.paths, self.fault = "", NONE

    def close(self) -> None:
        """End for good."""
        self._now[1].set()
        self._unlisten()
        self._hang_up()

    def _meet(self, port: Port) -> None:
        """Open the port, close it, or let its queue run full so that nobody is answered."""
        self._unlisten()
        if port is Port.CLOSED:
            self._hang_up()
            return
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((LOOPBACK, self.port))
        if port is Port.DEAF:
            self._listener.listen(0)
            self._callers = [self._call() for _ in range(ENOUGH_TO_FILL_A_QUEUE)]
            return
        self._listener.listen(128)
        self._acceptor = threading.Thread(target=self._accept, args=[self._listener], daemon=True)
        self._acceptor.start()

    def _call(self) -> socket.socket:
        """Begin a connection to ourselves that nobody will accept."""
        caller = socket.socket()
        caller.setblocking(False)
        with suppress(BlockingIOError):
            caller.connect((LOOPBACK, self.port))
        return caller

    def _unlisten(self) -> None:
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes whoever accepts
            if self._acceptor is not None:
                self._acceptor.join()
            self._listener.close()
        for caller in self._callers:
            caller.close()
        self._listener, self._acceptor, self._callers = None, None, []

    def _hang_up(self) -> None:
        for client in list(self._clients):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._clients.add(client)
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        reader, upstream = Reader(client), Upstream(self._upstream)
        try:
            with suppress(Ended, OSError):
                while self._answer(reader.request(), client, upstream):
                    pass
        finally:
            self._clients.discard(client)
            upstream.close()
            client.close()

    def _answer(self, request: Message, client: socket.socket, upstream: Upstream) -> bool:
        fault, over = self._now
        self.requests.append(f"{request.method} {request.path}")
        if not re.search(self.paths, request.path):
            fault = NONE
        exchange = Exchange(request, client, lambda: upstream.ask(request), over)
        return fault.answer(exchange)


class Upstream:
    """The real server, over one connection that is kept."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._connection: socket.socket | None = None

    def ask(self, request: Message) -> Message:
        """Its answer. Raises Ended, OSError."""
        if self._connection is None:
            self._connection = socket.create_connection(self._address)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._reader = Reader(self._connection)
        self._connection.sendall(request.head + request.body)
        return self._reader.answer(request.method)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
