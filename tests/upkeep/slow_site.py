"""The site, with one address more that takes its time: what is open when the server stops."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from learning_hub.wsgi import application as site

PIECE, PIECES = b"piece\n", 6


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer /slow/ in pieces over three seconds, and everything else as the site does."""
    if environ["PATH_INFO"] != "/slow/":
        return site(environ, start)
    start("200 OK", [("Content-Type", "text/plain")])
    return _slowly()


def _slowly() -> Iterator[bytes]:
    for _ in range(PIECES):
        time.sleep(0.5)
        yield PIECE
