"""A server in front of the search server that can be told to answer wrongly, late or not at all."""

from __future__ import annotations

import base64
import http.client
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


@dataclass
class Reply:
    """What is answered.

    `after` is the wait before it in seconds, `cut` drops so many bytes of the end, `dribble` is
    the wait between one byte and the next.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=lambda: dict(PRODUCT))
    after: float = 0.0
    cut: int = 0
    dribble: float = 0.0


# Makes of a request (method, path) and of what the server said, what is answered.
Meddle = Callable[[str, str, Reply], Reply]


def honestly(method: str, path: str, reply: Reply) -> Reply:
    """Pass the answer on."""
    return reply


class Proxy:
    """Passes on to `upstream`, or to nobody where it is empty. Counts the requests."""

    def __init__(self, upstream: str = "", context: ssl.SSLContext | None = None) -> None:
        self.upstream = urlsplit(upstream)
        self.meddle: Meddle = honestly
        self.before: Callable[[str, str], Reply | None] = lambda method, path: None
        self.required = ""
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if context:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if context else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def require(self, username: str, password: str) -> None:
        """Let in only who says so."""
        self.required = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()

    def always(self, reply: Reply) -> None:
        """Answer everything so, and ask nobody."""
        self.before = lambda method, path: reply

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> Reply:
        """What is answered to one request."""
        method, path = handler.command, handler.path
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.requests.append(f"{method} {path}")
        if self.required and handler.headers.get("Authorization") != self.required:
            return Reply(401)
        early = self.before(method, path)
        if early is not None:
            return early
        return self.meddle(method, path, self._passed_on(handler, method, path, body))

    def _passed_on(self, handler: Any, method: str, path: str, body: bytes) -> Reply:
        connection = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port)
        kept = ("Content-Type", "Accept")
        headers = {name: handler.headers[name] for name in kept if handler.headers[name]}
        connection.request(method, path, body or None, headers)
        found = connection.getresponse()
        content = found.read()
        connection.close()
        given = {name: found.headers[name] for name in PRODUCT if found.headers[name]}
        return Reply(found.status, content, given)


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            reply = proxy.answer(self)
            time.sleep(reply.after)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            sent = reply.body[: len(reply.body) - reply.cut] if self.command != "HEAD" else b""
            step = 1 if reply.dribble else max(len(sent), 1)
            for at in range(0, len(sent), step):
                time.sleep(reply.dribble)
                self.wfile.write(sent[at : at + step])
            self.close_connection = bool(reply.cut)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    return Handler
