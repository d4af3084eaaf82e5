"""What a visit reads once is read anew by the next, and by everybody who changes something."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse

from learning_hub.once import OnceAVisitMiddleware, once_a_visit


class Counter:
    """Something to read, which knows how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def visit(counter: Counter, method: str = "GET", key: str = "counter") -> list[int]:
    """What a visit reads that asks twice."""
    seen: list[int] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.extend([once_a_visit(key, counter), once_a_visit(key, counter)])
        return HttpResponse()

    request = HttpRequest()
    request.method = method
    assert OnceAVisitMiddleware(answer)(request).status_code == 200
    return seen


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_visit_reads_once(method: str) -> None:
    assert visit(Counter(), method) == [1, 1]


def test_the_next_visit_reads_anew() -> None:
    counter = Counter()
    assert visit(counter) == [1, 1]
    assert visit(counter) == [2, 2]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_whoever_changes_something_reads_what_is_there_now(method: str) -> None:
    assert visit(Counter(), method) == [1, 2]


def test_nothing_is_remembered_outside_a_visit() -> None:
    counter = Counter()
    assert [once_a_visit("counter", counter), once_a_visit("counter", counter)] == [1, 2]


def test_a_visit_that_fails_leaves_nothing_behind() -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        once_a_visit("counter", lambda: 1)
        raise RuntimeError

    request = HttpRequest()
    request.method = "GET"
    with pytest.raises(RuntimeError):
        OnceAVisitMiddleware(fail)(request)
    assert visit(Counter()) == [1, 1]


def test_what_was_nothing_is_remembered_too() -> None:
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        once_a_visit("nothing", lambda: seen.append("read"))
        once_a_visit("nothing", lambda: seen.append("read again"))
        return HttpResponse()

    request = HttpRequest()
    request.method = "GET"
    OnceAVisitMiddleware(answer)(request)
    assert seen == ["read"]
