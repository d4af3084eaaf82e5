"""The breaker opens at a fault, closes by its own probe alone, and lives through a fork."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

import pytest

from search.engines.breaker import CircuitBreaker

QUICK = (0.01, 0.02, 0.04)


class Server:
    """Something to probe."""

    def __init__(self) -> None:
        self.is_well = False
        self.probes: list[float] = []

    def probe(self) -> None:
        self.probes.append(time.monotonic())
        if not self.is_well:
            raise OSError("still down")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def breaker(server: Server):
    made = CircuitBreaker(server.probe, pauses=QUICK)
    yield made
    made.give_up()
    assert made.wait(2)


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


def test_nothing_runs_before_the_first_fault(breaker: CircuitBreaker, server: Server) -> None:
    before = threading.active_count()
    assert breaker.lets_through()
    assert (threading.active_count(), server.probes) == (before, [])


def test_it_opens_at_a_fault_and_closes_when_the_probe_is_answered(
    breaker: CircuitBreaker, server: Server
) -> None:
    breaker.open("unavailable", "refused")
    assert not breaker.lets_through()
    assert breaker.fault is not None
    assert breaker.fault.cause == "unavailable"
    until(lambda: len(server.probes) >= 3)
    assert not breaker.lets_through()
    server.is_well = True
    until(breaker.lets_through)
    assert breaker.fault is None


def test_opening_and_closing_are_each_said_once(
    breaker: CircuitBreaker, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "search"):
        for _ in range(20):
            breaker.open("unavailable", "refused")
        until(lambda: len(server.probes) >= 3)
        server.is_well = True
        until(breaker.lets_through)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "cannot be used (unavailable): refused" in said[0]
    assert "in use again" in said[1]


def test_an_old_failure_does_not_open_it_again(breaker: CircuitBreaker, server: Server) -> None:
    asked_at = breaker.times_opened
    server.is_well = True
    breaker.open("unavailable", "refused", asked_at=asked_at)
    until(breaker.lets_through)
    breaker.open("unavailable", "a time-out of the same outage", asked_at=asked_at)
    assert breaker.lets_through()


class Pauses(threading.Event):
    """Writes down how long a pause was to be; how long it became is the machine's affair."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        return super().wait(timeout)


def test_a_server_that_fails_again_soon_is_probed_more_slowly(
    breaker: CircuitBreaker, server: Server
) -> None:
    server.is_well = True
    breaker._given_up = pauses = Pauses()
    for _ in range(4):
        breaker.open("slow", "again")
        until(breaker.lets_through)
        assert breaker.wait(2)
    usual = [*QUICK, QUICK[-1]]
    assert pauses.seconds == [pytest.approx(each, rel=0.2) for each in usual]
    assert len(server.probes) == 4


def test_one_that_is_given_up_counts_as_closed_and_probes_no_more(server: Server) -> None:
    told: list[bool] = []
    breaker = CircuitBreaker(server.probe, watcher=told.append, pauses=QUICK)
    breaker.open("unavailable", "refused")
    breaker.give_up()
    assert breaker.wait(2)
    probes = len(server.probes)
    time.sleep(0.1)
    assert (told, len(server.probes)) == ([True, False], probes)


def test_twenty_threads_open_it_once(breaker: CircuitBreaker, server: Server) -> None:
    gate = threading.Barrier(20)

    def fail() -> None:
        gate.wait()
        breaker.open("unavailable", "refused")

    threads = [threading.Thread(target=fail) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert breaker.times_opened == 1
    assert sum(t.name == "The search server's probe" for t in threading.enumerate()) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_process_that_forks_while_it_is_open_probes_by_itself(
    breaker: CircuitBreaker, server: Server
) -> None:
    breaker.open("unavailable", "refused")
    until(lambda: bool(server.probes))
    child = os.fork()
    if child == 0:  # pragma: no cover
        # No thread came along; the first visitor starts one, and the server is well by now.
        server.is_well = True
        passed = not breaker.lets_through()
        deadline = time.monotonic() + 3
        while not breaker.lets_through() and time.monotonic() < deadline:
            time.sleep(0.01)
        os._exit(0 if passed and breaker.lets_through() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not breaker.lets_through()
