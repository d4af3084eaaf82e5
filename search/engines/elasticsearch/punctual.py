"""A node that is given up in time even where it sends its answer byte by byte."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import urllib3
from elastic_transport import NodeConfig, Urllib3HttpNode
from urllib3.exceptions import ReadTimeoutError

_BYTES_A_TIME = 1 << 16


class _Read(NamedTuple):
    """An answer that was read whole."""

    status: int
    headers: Any
    data: bytes


class _PunctualPool:
    """Reads whole answers within the time of the request: the client's own times each read."""

    def __init__(self, pool: urllib3.HTTPConnectionPool, usual_seconds: float) -> None:
        self._pool = pool
        self._usual_seconds = usual_seconds

    def urlopen(self, method: str, target: str, **options: Any) -> _Read:
        seconds = options.pop("timeout", None) or self._usual_seconds
        deadline = time.monotonic() + seconds
        options |= {"timeout": urllib3.Timeout(total=seconds), "pool_timeout": seconds}
        response = self._pool.urlopen(method, target, preload_content=False, **options)
        try:
            pieces = []
            while piece := response.read1(_BYTES_A_TIME):
                pieces.append(piece)
                if time.monotonic() > deadline:
                    raise ReadTimeoutError(self._pool, target, "The answer takes too long.")
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return _Read(response.status, response.headers, b"".join(pieces))

    def close(self) -> None:
        self._pool.close()


class PunctualNode(Urllib3HttpNode):
    """The client's usual node, on time."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        self.pool: Any = _PunctualPool(self.pool, config.request_timeout or 60.0)
