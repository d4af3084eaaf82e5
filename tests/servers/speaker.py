"""A server that is there at once, to put a proxy in front of."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler

SAID = {"took": 1, "timed_out": False, "_shards": {"failed": 0}, "text": "é" * 50}
RIGHT = json.dumps(SAID, separators=(",", ":")).encode()


class Speaker(BaseHTTPRequestHandler):
    """Answers in the manner of Elasticsearch; sends back what it was sent."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) or RIGHT
        self.send_response(200)
        self.send_header("X-elastic-product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_POST = do_HEAD = do_GET

    def log_message(self, *said: object) -> None:
        """Nothing."""
