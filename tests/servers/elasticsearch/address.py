"""What a test may ask of an Elasticsearch at an address, without any client of its own."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

from tests.servers.elasticsearch.program import ServerProblem

# A proxy that the environment names is for the outside, never for loopback.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ElasticsearchAddress:
    """One Elasticsearch, given by the addresses of its nodes."""

    def __init__(self, urls: list[str]) -> None:
        self._urls = urls

    @property
    def urls(self) -> list[str]:
        """The addresses of its nodes."""
        return self._urls

    @property
    def url(self) -> str:
        """The addresses of its nodes as HUB_ELASTICSEARCH_URL takes them."""
        return ",".join(self.urls)

    def call(self, method: str, path: str, body: Any = None, *, within: float = 30) -> Any:
        """What it answers, read from JSON, by the first node that can be reached.

        Raises ServerProblem where none can or the answer is an error.
        """
        refused: object = "no address"
        data = None if body is None else json.dumps(body).encode()
        for url in self.urls:
            request = urllib.request.Request(f"{url}{path}", data, method=method)
            request.add_header("Content-Type", "application/json")
            try:
                with _opener.open(request, timeout=within) as answer:
                    return json.loads(answer.read() or "null")
            except urllib.error.HTTPError as problem:
                text = problem.read().decode(errors="replace")
                raise ServerProblem(f"{method} {path}: {problem.code} {text}") from None
            except OSError as problem:
                refused = problem
        raise ServerProblem(f"{method} {path}: {refused}")

    def wait(self, *, status: str = "yellow", nodes: int = 1, within: float = 60) -> None:
        """Until it has so many nodes and its health is `status` or better. Raises ServerProblem."""
        path = f"/_cluster/health?wait_for_status={status}&wait_for_nodes={nodes}&timeout=5s"
        until = time.monotonic() + within
        while True:
            try:
                if not self.call("GET", path)["timed_out"]:
                    return
                told: object = "it answers, but is not whole"
            except ServerProblem as problem:
                told = problem
            if time.monotonic() > until:
                wanted = f"{status} with {nodes} nodes"
                raise ServerProblem(f"Elasticsearch is not {wanted} within {within:g} s: {told}")
            self.check()
            time.sleep(0.1)

    def check(self) -> None:
        """Raise ServerProblem where waiting is in vain."""

    def remove(self, prefix: str) -> None:
        """Delete every index and index template whose name begins with `prefix`."""
        if not prefix:
            raise ValueError("An empty prefix would remove everything.")
        found = self.call("GET", f"/{prefix}*/_settings?expand_wildcards=all")
        for name in sorted(found):
            self.call("DELETE", f"/{name}?ignore_unavailable=true")
        templates = self.call("GET", "/_index_template")["index_templates"]
        for name in sorted(template["name"] for template in templates):
            if name.startswith(prefix):
                self.call("DELETE", f"/_index_template/{name}")
