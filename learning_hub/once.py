"""What a visit reads once: a page asks the same of the database in several of its parts.

Only visits that change nothing remember; whoever writes always reads what is there now.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

Read = TypeVar("Read")
_remembered: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


def once_a_visit(key: Hashable, read: Callable[[], Read]) -> Read:
    """What `read` returns, from memory if this visit has read `key` before."""
    memory = _remembered.get()
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = read()
    found: Read = memory[key]
    return found


def is_in_a_visit() -> bool:
    """Whether somebody who changes nothing waits for an answer."""
    return _remembered.get() is not None


class OnceAVisitMiddleware:
    """Begins a memory with each GET and HEAD request, and ends it with the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        token = _remembered.set({} if request.method in ("GET", "HEAD") else None)
        try:
            return self.get_response(request)
        finally:
            _remembered.reset(token)
