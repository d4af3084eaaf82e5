"""A node that is given up in time even where it answers byte by byte, and that says what it is."""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

import urllib3
from elastic_transport import NodeConfig, Urllib3HttpNode
from elasticsearch import UnsupportedProductError
from urllib3.connection import HTTPConnection, HTTPSConnection

_PRODUCT = "Elasticsearch"


class _PunctualReader(io.RawIOBase):
    """Reads a socket until what is left of its time-out has passed, over all reads together.

    The time-out of a socket is that of each read: a server that sends a byte now and then, were
    it of the headers, could keep a reader for ever.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._stream = sock.makefile("rb", buffering=0)
        seconds = sock.gettimeout()
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def readable(self) -> bool:
        """See RawIOBase."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """See RawIOBase. Raises TimeoutError."""
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("The answer takes too long.")
            self._socket.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        """See RawIOBase."""
        self._stream.close()
        super().close()


class _PunctualResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_PunctualReader(sock))


class _PunctualConnection(HTTPConnection):
    response_class = _PunctualResponse


class _PunctualTlsConnection(HTTPSConnection):
    response_class = _PunctualResponse


class _PunctualPool:
    """Gives each request its time as a whole: to get a connection, to connect, and to read."""

    def __init__(self, pool: urllib3.HTTPConnectionPool, usual_seconds: float) -> None:
        is_secure = pool.scheme == "https"
        pool.ConnectionCls = _PunctualTlsConnection if is_secure else _PunctualConnection
        self._pool = pool
        self._usual_seconds = usual_seconds

    def urlopen(self, method: str, target: str, **options: Any) -> urllib3.BaseHTTPResponse:
        seconds = options.pop("timeout", None) or self._usual_seconds
        options |= {"timeout": urllib3.Timeout(total=seconds), "pool_timeout": seconds}
        return self._pool.urlopen(method, target, **options)

    def close(self) -> None:
        self._pool.close()


class PunctualNode(Urllib3HttpNode):
    """The client's usual node, on time, of which each answer must be Elasticsearch's.

    The client itself looks at the first answer only, and another server may come to the address.
    """

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        self.pool: Any = _PunctualPool(self.pool, config.request_timeout or 60.0)

    def perform_request(self, *args: Any, **options: Any) -> Any:
        """See BaseNode. Raises UnsupportedProductError for an answer of something else."""
        answer = super().perform_request(*args, **options)
        meta = answer.meta
        is_told = 200 <= meta.status < 300 or meta.status == 404
        if is_told and meta.headers.get("x-elastic-product") != _PRODUCT:
            raise UnsupportedProductError("It is not Elasticsearch.", meta, answer.body)
        return answer
