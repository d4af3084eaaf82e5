"""Visitors who search a served site, and what they were told."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles
from typing import Generic, Protocol, TypeVar

# A browser would long have given up; whoever waits so long counts as failed.
PATIENCE = 20
UNTIL_BACK = 60  # seconds that a search server is waited for
Told = TypeVar("Told")


@dataclass(frozen=True)
class Heard:
    """One answer: its status (0 for none), how long it took, and what it says."""

    path: str
    status: int
    seconds: float
    engine: str = ""
    total: int = -1
    ids: tuple[int, ...] = ()


class Timed(Protocol):
    """Something asked that took its time."""

    @property
    def seconds(self) -> float:
        """Until the answer was there."""
        ...


def times(asked: Sequence[Timed]) -> str:
    """The usual time, what one in twenty took longer than, and the longest, in milliseconds."""
    each = [one.seconds * 1_000 for one in asked]
    long = quantiles(each, n=20)[-1]
    return f"median {median(each):.0f} ms, 95 % {long:.0f} ms, slowest {max(each):,.0f} ms"


class Visitor:
    """Asks one server over one connection, as a browser does; not for several threads."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, path: str) -> Heard:
        """What the site answers. A connection that the server closed between is opened again."""
        began = time.perf_counter()
        for is_last in (False, True):
            fresh = self._connection is None
            try:
                status, body = self._get(path)
            except (OSError, http.client.HTTPException):
                self._connection = None
                if fresh or is_last:
                    return Heard(path, 0, time.perf_counter() - began)
            else:
                return _heard(path, status, time.perf_counter() - began, body)
        raise AssertionError("never reached")

    def _get(self, path: str) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        self._connection.request("GET", path, headers={"Host": "localhost"})
        response = self._connection.getresponse()
        return response.status, response.read()


def _heard(path: str, status: int, seconds: float, body: bytes) -> Heard:
    if status != 200:
        return Heard(path, status, seconds)
    told = json.loads(body)
    ids = tuple(hit["id"] for hit in told["hits"])
    return Heard(path, status, seconds, told["engine"], told["total"], ids)


def ask_all(port: int, paths: Sequence[str], visitors: int = 4) -> list[Heard]:
    """What so many visitors are told who ask for `paths` between them, one after another."""

    def ask(mine: Sequence[str]) -> list[Heard]:
        visitor = Visitor(port)
        return [visitor.ask(path) for path in mine]

    with ThreadPoolExecutor(visitors) as pool:
        shares = pool.map(ask, [paths[number::visitors] for number in range(visitors)])
        return [heard for share in shares for heard in share]


def seconds_until_back(port: int, question: str) -> float:
    """How long until the server's own engine answers again."""
    began, visitor = time.monotonic(), Visitor(port)
    while time.monotonic() < began + UNTIL_BACK:
        heard = visitor.ask(question)
        assert heard.status == 200
        if heard.engine == "elasticsearch":
            break
        time.sleep(0.1)
    return time.monotonic() - began


def while_all_is_well(port: int, questions: Sequence[str]) -> list[Heard]:
    """What the server's own engine answers. One that is cold, or a busy machine, looks slow."""
    for _ in range(8):
        seconds_until_back(port, questions[0])
        heard = ask_all(port, questions)
        if {each.engine for each in heard} == {"elasticsearch"}:
            return heard
    raise AssertionError("This machine is too busy for its search server.")


class Stream(Generic[Told]):
    """So many questions a second, whether or not earlier ones were answered, until it ends.

    `ask` is given the number of the question. `asked` are the answers to come, oldest first.
    """

    def __init__(self, ask: Callable[[int], Told], a_second: float = 20) -> None:
        self._ask, self._pause = ask, 1 / a_second
        self._enough = threading.Event()
        self._pool = ThreadPoolExecutor(40)
        self.asked: list[Future[Told]] = []

    def __enter__(self) -> Stream[Told]:
        """Begin."""
        self._clock = threading.Thread(target=self._run)
        self._clock.start()
        return self

    def __exit__(self, *of: object) -> None:
        """Ask no more, and wait for what was asked."""
        self._enough.set()
        self._clock.join()
        self._pool.shutdown()

    def _run(self) -> None:
        began = time.monotonic()
        for number in count():
            if self._enough.wait(max(0.0, began + number * self._pause - time.monotonic())):
                return
            self.asked.append(self._pool.submit(self._ask, number))


def asker(port: int, paths: Sequence[str]) -> Callable[[int], Heard]:
    """Asks for one of `paths` after the other; each thread is a visitor of its own."""
    own = threading.local()

    def ask(number: int) -> Heard:
        if not hasattr(own, "visitor"):
            own.visitor = Visitor(port)
        return own.visitor.ask(paths[number % len(paths)])

    return ask
