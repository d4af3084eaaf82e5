"""The proxy itself: each fault is what it says, at once, and is over when it is taken away."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import FAULTS, Fault
from tests.servers.speaker import RIGHT, SAID

SHORT, LONG = 0.3, 20  # seconds that a caller waits: for a fault, and for an answer


@pytest.fixture
def proxy(speaker: str) -> Iterator[FaultProxy]:
    proxy = FaultProxy(speaker)
    yield proxy
    proxy.close()


@pytest.fixture
def caller(proxy: FaultProxy) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=LONG)
    yield connection
    connection.close()


@contextmanager
def _impatient(caller: http.client.HTTPConnection) -> Iterator[None]:
    """For as long as the block lasts the caller waits but a moment, on an open connection too."""
    _wait_at_most(caller, SHORT)
    yield
    _wait_at_most(caller, LONG)


def _wait_at_most(caller: http.client.HTTPConnection, seconds: float) -> None:
    caller.timeout = seconds
    if caller.sock is not None:
        caller.sock.settimeout(seconds)


def _ask(caller: http.client.HTTPConnection, path: str = "/") -> tuple[int, bytes]:
    caller.request("GET", path)
    answer = caller.getresponse()
    return answer.status, answer.read()


def _is_well(caller: http.client.HTTPConnection) -> bool:
    status, body = _ask(caller)
    return (status, json.loads(body)) == (200, SAID)


def test_without_a_fault_everything_passes_on_one_connection(
    proxy: FaultProxy, caller: http.client.HTTPConnection
) -> None:
    assert _is_well(caller)
    assert json.loads(_ask(caller, "/chunked")[1]) == SAID
    caller.request("HEAD", "/")
    assert caller.getresponse().read() == b""
    large = b"x" * 3_000_000
    caller.request("POST", "/", large)
    assert caller.getresponse().read() == large
    assert proxy.requests == ["GET /", "GET /chunked", "HEAD /", "POST /"]
    assert proxy.connections == 1


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_reaches_an_open_connection_and_is_over_when_taken_away(
    proxy: FaultProxy, caller: http.client.HTTPConnection, fault: Fault
) -> None:
    assert _is_well(caller)
    with proxy.failing(fault), _impatient(caller):
        for _ in range(2):  # on the connection that is open, and on a new one
            with suppress(OSError, http.client.HTTPException):
                is_right = _ask(caller) == (200, RIGHT)
                assert is_right == (fault is faults.ANOTHER_PRODUCT)
            caller.close()
    assert _is_well(caller)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.REFUSED, ConnectionRefusedError),
        (faults.DEAF, TimeoutError),
        (faults.SILENT, TimeoutError),
        (faults.SLOW, TimeoutError),
        (faults.DRIP, TimeoutError),
        (faults.TRUNCATED, http.client.IncompleteRead),
        (faults.RESET, ConnectionResetError),
        (faults.HANGS_UP, http.client.RemoteDisconnected),
        (faults.NOT_HTTP, http.client.BadStatusLine),
    ],
    ids=str,
)
def test_a_new_caller_meets_the_error_that_the_fault_is_named_for(
    proxy: FaultProxy, caller: http.client.HTTPConnection, fault: Fault, error: type[Exception]
) -> None:
    with proxy.failing(fault), _impatient(caller), pytest.raises(error):
        _ask(caller)


def test_a_deaf_port_does_not_even_connect(proxy: FaultProxy) -> None:
    with proxy.failing(faults.DEAF), pytest.raises(TimeoutError):
        socket.create_connection(("127.0.0.1", proxy.port), timeout=SHORT)
    with proxy.failing(faults.SILENT):
        socket.create_connection(("127.0.0.1", proxy.port), timeout=SHORT).close()


@pytest.mark.parametrize("code", [401, 403, 429, 503])
def test_a_status_comes_with_an_error_as_elasticsearch_writes_it(
    proxy: FaultProxy, caller: http.client.HTTPConnection, code: int
) -> None:
    with proxy.failing(faults.status(code)):
        status, body = _ask(caller)
    assert (status, json.loads(body)["status"]) == (code, code)


def test_a_partial_answer_says_so_and_is_otherwise_whole(
    proxy: FaultProxy, caller: http.client.HTTPConnection
) -> None:
    with proxy.failing(faults.PARTIAL):
        answer = json.loads(_ask(caller)[1])
    assert answer == {**SAID, "timed_out": True, "_shards": {"failed": 1}}


def test_a_slow_server_answers_rightly_in_the_end(
    proxy: FaultProxy, caller: http.client.HTTPConnection
) -> None:
    begun = time.monotonic()
    with proxy.failing(faults.slow(0.1)):
        assert _is_well(caller)
    assert time.monotonic() - begun >= 0.1
    with proxy.failing(faults.drip(0.0001)):
        assert _is_well(caller)


def test_a_dripping_server_outwits_a_time_out_between_two_bytes(
    proxy: FaultProxy, caller: http.client.HTTPConnection
) -> None:
    begun = time.monotonic()
    with proxy.failing(faults.drip(0.002)), _impatient(caller):
        assert _is_well(caller)
    assert time.monotonic() - begun > SHORT


def test_a_fault_may_be_for_some_paths_only(
    proxy: FaultProxy, caller: http.client.HTTPConnection
) -> None:
    with proxy.failing(faults.UNAVAILABLE, paths="/_bulk"):
        assert _ask(caller, "/_search")[0] == 200
        assert _ask(caller, "/hub/_bulk")[0] == 503


def test_whoever_waits_is_let_go_when_the_proxy_closes(proxy: FaultProxy) -> None:
    caller = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=5)
    proxy.fault = faults.SILENT
    caller.request("GET", "/")
    while not proxy.requests:
        time.sleep(0.001)
    proxy.close()
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        caller.getresponse()
    caller.close()
