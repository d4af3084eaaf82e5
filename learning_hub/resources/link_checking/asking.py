"""Asks one address over HTTP: redirects followed step by step, no body read, no cookie kept."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from threading import Timer
from urllib.parse import urljoin

from django.utils.encoding import iri_to_uri
from requests.certs import where as certificates

from learning_hub.resources.link_checking.links import Verdict
from learning_hub.resources.link_checking.reachable import (
    NOT_VALID,
    NotReachable,
    Target,
    target_of,
)

USER_AGENT = "LearningHubLinkChecker/1.0 (asks once whether a page that we link to is there)"
MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
# The page is there, for people if not for us, or its server is busy.
UNSURE = {401, 403, 407, 429, 451}
SECONDS_TO_CONNECT = 10.0
SECONDS_TO_ANSWER = 20.0
_HEADERS = {"User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}


@dataclass(frozen=True)
class Answer:
    """What came of asking: the verdict, and the reason in plain words for an editor."""

    verdict: Verdict
    status: str


@dataclass(frozen=True)
class Asker:
    """How to ask. `allow_private` is for tests; times are in seconds."""

    allow_private: bool = False
    seconds_to_connect: float = SECONDS_TO_CONNECT
    seconds_to_answer: float = SECONDS_TO_ANSWER

    def ask(self, address: str) -> Answer:
        """The answer for `address`. Never raises."""
        try:
            return self._follow(address)
        except NotReachable as problem:
            return Answer(Verdict.FAILS, str(problem))
        except ssl.SSLError:
            return Answer(Verdict.FAILS, "Its certificate is not valid, so browsers warn of it.")
        except TimeoutError:
            return Answer(Verdict.FAILS, "It did not answer in time.")
        except (OSError, http.client.HTTPException):
            return Answer(Verdict.FAILS, "The connection failed.")
        except ValueError:
            return Answer(Verdict.FAILS, NOT_VALID)

    def _follow(self, address: str) -> Answer:
        for _ in range(MAX_REDIRECTS + 1):
            status, location = self._status_of(address)
            if status not in REDIRECTS or not location:
                return answer_for(status)
            address = urljoin(address, location)
        return Answer(Verdict.FAILS, f"It redirects more than {MAX_REDIRECTS} times.")

    def _status_of(self, address: str) -> tuple[int, str]:
        """The status and where it redirects to: of HEAD, or of GET where HEAD is not understood."""
        target = target_of(address, allow_private=self.allow_private)
        try:
            status, location = self._request("HEAD", target)
        except http.client.HTTPException:
            status = 0
        if status and status < 400:
            return status, location
        return self._request("GET", target)

    def _request(self, method: str, target: Target) -> tuple[int, str]:
        """Send one request and read the head of its answer. Raises TimeoutError when it is late."""
        connection = _Connection(target, self.seconds_to_connect)
        ends_at = time.monotonic() + self.seconds_to_answer
        # A time-out of the socket begins anew with each byte; this one does not.
        guard = Timer(self.seconds_to_answer, connection.cut)
        guard.daemon = True
        guard.start()
        try:
            headers = {"Host": target.host_header, **_HEADERS}
            connection.request(method, iri_to_uri(target.path), headers=headers)
            response = connection.getresponse()
            found = response.status, response.getheader("Location") or ""
        except (OSError, http.client.HTTPException):
            if time.monotonic() < ends_at:
                raise
        finally:
            guard.cancel()
            connection.close()
        if time.monotonic() >= ends_at:  # a head that was cut off looks like a short one
            raise TimeoutError
        return found


def answer_for(status: int) -> Answer:
    """What the final status of an address means."""
    if status < 400:
        return Answer(Verdict.WORKS, "It works.")
    if status in GONE:
        return Answer(Verdict.GONE, f"The page is not there any more ({status}).")
    if status in UNSURE:
        text = f"It answers, but not to a program ({status}). Look at it yourself."
        return Answer(Verdict.UNSURE, text)
    if status >= 500:
        return Answer(Verdict.FAILS, f"Its server has a fault ({status}).")
    return Answer(Verdict.FAILS, f"Its server refuses the request ({status}).")


class _Connection(http.client.HTTPConnection):
    """A connection to the place that was looked up and judged, and to no other."""

    def __init__(self, target: Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self.target = target
        self.wait = timeout

    def connect(self) -> None:
        plain = self._first_open()
        if self.target.scheme == "https":
            # Assigned first, so that it can be cut while the two sides shake hands.
            self.sock = plain
            plain = _trust().wrap_socket(plain, server_hostname=self.target.host)
        self.sock = plain

    def _first_open(self) -> socket.socket:
        failure: OSError = OSError("no place to connect to")
        for place in self.target.places:
            try:
                return socket.create_connection((place, self.target.port), self.wait)
            except OSError as problem:
                failure = problem
        raise failure

    def cut(self) -> None:
        """End the connection, whatever it is waiting for."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.sock.close()


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates count: those that this machine trusts, and the common ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certificates())
    return context
