"""What the checker makes of every way in which a server can answer, or not."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from learning_hub.resources.link_checking import reachable
from learning_hub.resources.link_checking.asking import MAX_REDIRECTS, USER_AGENT, Asker
from learning_hub.resources.link_checking.links import Verdict
from learning_hub.resources.link_checking.reachable import NotReachable, is_public, target_of
from tests.resources.links.conftest import Server


@pytest.mark.parametrize(
    ("path", "verdict", "said"),
    [
        ("ok", Verdict.WORKS, "It works."),
        ("slow", Verdict.WORKS, "It works."),
        ("nohead", Verdict.WORKS, "It works."),
        ("drophead", Verdict.WORKS, "It works."),
        ("huge", Verdict.WORKS, "It works."),
        (f"hops/{MAX_REDIRECTS}", Verdict.WORKS, "It works."),
        (f"hops/{MAX_REDIRECTS + 1}", Verdict.FAILS, "redirects more than 5 times"),
        ("loop", Verdict.FAILS, "redirects more than 5 times"),
        ("status/404", Verdict.GONE, "not there any more (404)"),
        ("status/410", Verdict.GONE, "not there any more (410)"),
        ("status/400", Verdict.FAILS, "refuses the request (400)"),
        ("status/500", Verdict.FAILS, "has a fault (500)"),
        ("status/503", Verdict.FAILS, "has a fault (503)"),
        ("status/401", Verdict.UNSURE, "not to a program (401)"),
        ("status/403", Verdict.UNSURE, "not to a program (403)"),
        ("status/429", Verdict.UNSURE, "not to a program (429)"),
        ("status/301", Verdict.WORKS, "It works."),
        ("hang", Verdict.FAILS, "did not answer in time"),
        ("drip", Verdict.FAILS, "did not answer in time"),
        ("garbage", Verdict.FAILS, "connection failed"),
        ("to/ftp://example.org/", Verdict.FAILS, "does not lead to a web page"),
        ("to/file:///etc/passwd", Verdict.FAILS, "does not lead to a web page"),
        ("to/http://[broken/", Verdict.FAILS, "not a valid address"),
    ],
)
def test_each_answer_is_understood(
    server: Server, asker: Asker, path: str, verdict: Verdict, said: str
) -> None:
    started = time.monotonic()
    answer = asker.ask(server.url(path))
    assert answer.verdict == verdict
    assert said in answer.status
    assert time.monotonic() - started < 3


def test_a_page_is_asked_with_head_alone_where_that_is_enough(server: Server, asker: Asker) -> None:
    asker.ask(server.url("ok?a=b#part"))
    [(method, path, headers)] = server.asked
    assert (method, path) == ("HEAD", "/ok?a=b")
    assert headers["User-Agent"] == USER_AGENT
    assert headers["Host"] == f"127.0.0.1:{server.port}"


def test_no_cookie_is_kept_and_no_password_sent(server: Server, asker: Asker) -> None:
    asker.ask(f"http://alice:secret@127.0.0.1:{server.port}/hops/3")
    assert len(server.asked) == 4
    for _, _, headers in server.asked:
        assert not {"Cookie", "Authorization"} & set(headers)


def test_a_huge_body_is_not_read(server: Server, asker: Asker) -> None:
    asker.ask(server.url("huge"))
    time.sleep(0.1)
    assert server.sent < 20_000_000


def test_a_certificate_that_nobody_vouches_for_is_a_fault(
    distrusted_server: Server, asker: Asker
) -> None:
    answer = asker.ask(distrusted_server.url("ok").replace("http:", "https:"))
    assert (answer.verdict, "certificate" in answer.status) == (Verdict.FAILS, True)


def test_a_closed_port_and_an_unknown_name_are_faults(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    assert asker.ask(f"http://127.0.0.1:{port}/").status == "The connection failed."

    def no_such_name(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(reachable.socket, "getaddrinfo", no_such_name)
    assert asker.ask("https://nowhere.invalid/").status == "There is no server of this name."


@pytest.mark.parametrize(
    "place",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
def test_a_place_that_is_not_public_is_never_asked(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_public(place)
    found = [(None, None, None, "", (place, 443))]
    monkeypatch.setattr(reachable.socket, "getaddrinfo", lambda *args, **kwargs: found)
    monkeypatch.setattr(socket, "create_connection", lambda *args: pytest.fail("it was asked"))
    answer = Asker().ask("https://rebound.example.org/")
    assert answer.status == "It leads to an address that is not on the public internet."


@pytest.mark.parametrize("place", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_place_may_be_asked(place: str) -> None:
    assert is_public(place)


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/"),
        *("http://0x7f.1/", "http://127.1/", "http://[::ffff:7f00:1]/"),
    ],
)
def test_however_this_machine_is_written_it_is_not_asked(address: str) -> None:
    with pytest.raises(NotReachable):
        target_of(address)


def test_a_name_with_one_private_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(None, None, None, "", (place, 443)) for place in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(reachable.socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(NotReachable, match="not on the public internet"):
        target_of("https://two.example.org/")


def test_a_redirect_to_a_private_place_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = server.url("secret")
    monkeypatch.setattr(
        reachable, "is_public", lambda place: not place.startswith("127.") or not server.asked
    )
    answer = Asker().ask(server.url(f"to/{inside}"))
    assert answer.status == "It leads to an address that is not on the public internet."
    assert [path for _, path, _ in server.asked] == [f"/to/{inside}"]


def test_a_name_is_looked_up_once_for_the_look_and_the_connection(
    server: Server, asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = []
    plain = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        looked_up.append(host)
        place = "127.0.0.1" if host == "once.example.org" else host
        return plain(place, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert asker.ask(f"http://once.example.org:{server.port}/ok").verdict == Verdict.WORKS
    assert looked_up.count("once.example.org") == 1


def test_signs_that_no_request_may_hold_are_written_as_percent_signs(
    server: Server, asker: Asker
) -> None:
    assert asker.ask(server.url("ok/ä b\r\nX-Evil: 1")).verdict == Verdict.WORKS
    [(_, path, headers)] = server.asked
    assert path.startswith("/ok/%C3%A4%20b")
    assert "X-Evil" not in headers
