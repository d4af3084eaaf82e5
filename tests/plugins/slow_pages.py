"""`pytest --slow-pages`: every page comes in three parts, so that a hasty test sees half of it.

A test in a browser that judges a page at once passes on a quiet machine and fails on a busy one.
With this it fails on any.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

OPTION = "--slow-pages"
PAUSE = 0.2  # seconds between two parts: many times what a test needs to look
PARTS = 3


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addoption(OPTION, action="store_true", help="let pages come in three parts")


@pytest.fixture(scope="session", autouse=True)
def _slow_pages(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if request.config.getoption(OPTION):
            patch.setattr(WSGIHandler, "__call__", _in_parts(WSGIHandler.__call__))
        yield


def _in_parts(plain: Any) -> Any:
    def call(self: WSGIHandler, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = plain(self, environ, start_response)
        return _parts(answer) if _is_page(answer) else answer

    return call


def _is_page(answer: Any) -> bool:
    return isinstance(answer, HttpResponse) and "text/html" in answer.get("Content-Type", "")


def _parts(answer: Any) -> Iterator[bytes]:
    try:
        whole = b"".join(answer)
        length = len(whole) // PARTS + 1
        for start in range(0, len(whole), length):
            if start:
                time.sleep(PAUSE)
            yield whole[start : start + length]
    finally:
        answer.close()
