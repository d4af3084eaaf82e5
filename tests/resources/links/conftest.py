"""A real server on this machine that answers in every way that a link can go wrong."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from learning_hub.resources.link_checking.asking import Asker


class Handler(BaseHTTPRequestHandler):
    """Answers by path: /status/404, /loop, /slow, /hang, /drip, /huge and others."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers.items())))
        word, _, rest = self.path.strip("/").partition("/")
        getattr(self, f"answer_{word}", self.answer_ok)(rest)

    def send(self, status: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Set-Cookie", "seen=1")
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def answer_ok(self, rest: str) -> None:
        self.send(200)

    def answer_status(self, rest: str) -> None:
        self.send(int(rest))

    def answer_loop(self, rest: str) -> None:
        self.send(301, Location="/loop")

    def answer_hops(self, rest: str) -> None:
        self.send(302, Location=f"/hops/{int(rest) - 1}" if int(rest) > 1 else "/ok")

    def answer_to(self, rest: str) -> None:
        self.send(302, Location=rest)

    def answer_nohead(self, rest: str) -> None:
        self.send(405 if self.command == "HEAD" else 200)

    def answer_drophead(self, rest: str) -> None:
        if self.command == "HEAD":
            self.close_connection = True
        else:
            self.send(200)

    def answer_slow(self, rest: str) -> None:
        time.sleep(0.2)
        self.send(200)

    def answer_hang(self, rest: str) -> None:
        self.server.released.wait(20)

    def answer_drip(self, rest: str) -> None:
        """One header after the other, each in time, without an end."""
        self.send_response(200)
        self.flush_headers()
        while not self.server.released.wait(0.1):
            try:
                self.wfile.write(b"X-Drip: 1\r\n")
            except OSError:
                return

    def answer_huge(self, rest: str) -> None:
        self.send(405) if self.command == "HEAD" else self.send_response(200)
        if self.command == "GET":
            self.send_header("Content-Length", str(10**12))
            self.end_headers()
            try:
                while True:
                    self.server.sent += self.wfile.write(b"x" * 65536)
            except OSError:
                self.close_connection = True

    def answer_garbage(self, rest: str) -> None:
        self.wfile.write(b"this is no HTTP\r\n\r\n")
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Remembers what it was asked; `released` lets those go that hang."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.released = threading.Event()
        self.sent = 0

    def handle_error(self, *args: object) -> None:
        """Say nothing: the checker ends connections early."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


def serving(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    """A server over HTTP."""
    yield from serving(Server())


@pytest.fixture
def distrusted_server(tmp_path: Path) -> Iterator[Server]:
    """A server over HTTPS whose certificate nobody vouches for."""
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "certificate.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield from serving(server)


def self_signed(file: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def asker() -> Asker:
    """Asks this machine too, and does not wait long."""
    return Asker(allow_private=True, seconds_to_connect=0.5, seconds_to_answer=0.6)
