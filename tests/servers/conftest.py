"""A quick server, for the tests of what stands in front of a server."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest

from tests.servers.speaker import Speaker


@pytest.fixture(scope="module")
def speaker() -> Iterator[str]:
    """The address of a server that answers in the manner of Elasticsearch."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Speaker)
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
