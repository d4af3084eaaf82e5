"""A library on a real web server whose search engine can be made to fail."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.durability.server import Server
from tests.durability.site import Site, new_site
from tests.plugins.elasticsearch import ElasticsearchAddress
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Fault


@dataclass(frozen=True)
class ServedLibrary:
    """A site whose index is at `elasticsearch` under the alias `index`.

    `questions` are addresses that find something.
    """

    site: Site
    elasticsearch: ElasticsearchAddress
    index: str
    questions: tuple[str, ...]

    @contextmanager
    def failing(self, fault: Fault | str, proxy: FaultProxy) -> Iterator[None]:
        """The server fails so: as a proxy can make it, or by an index that is not as it should."""
        if isinstance(fault, Fault):
            with proxy.failing(fault):
                yield
            return
        [held] = self._held()
        move = [{"remove": {"index": held, "alias": self.index}}]
        if fault == "another mapping":
            other = f"{self.index}-foreign"
            self.elasticsearch.call("PUT", f"/{other}", {"mappings": {"dynamic": True}})
            move.append({"add": {"index": other, "alias": self.index}})
        self._alias(move)
        try:
            yield
        finally:
            others = [{"remove": {"index": name, "alias": self.index}} for name in self._held()]
            self._alias([*others, {"add": {"index": held, "alias": self.index}}])

    def _held(self) -> list[str]:
        """The indices behind the alias."""
        found = self.elasticsearch.call("GET", "/_alias")
        return [name for name, told in found.items() if self.index in told["aliases"]]

    def _alias(self, actions: list[dict]) -> None:
        self.elasticsearch.call("POST", "/_aliases", {"actions": actions})


@contextmanager
def library(
    folder: Path, migrated: Path, elasticsearch: ElasticsearchAddress, seen_at: str, studies: int
) -> Iterator[ServedLibrary]:
    """A site in a new folder with so many studies, in the index of every engine, until the end.

    It finds its search server at the addresses `seen_at`. A server of several nodes keeps a
    second copy of everything.
    """
    index = f"hub-{uuid.uuid4().hex[:12]}"
    site = new_site(
        folder,
        migrated,
        HUB_SEARCH_ENGINE="elasticsearch",
        HUB_ELASTICSEARCH_URL=seen_at,
        HUB_ELASTICSEARCH_INDEX=index,
        HUB_ELASTICSEARCH_REPLICAS=str(int(len(elasticsearch.urls) > 1)),
    )
    questions = json.loads(site.run("tests.outages.stage", str(studies)))
    yield ServedLibrary(site, elasticsearch, index, tuple(questions))
    elasticsearch.remove(index)


@contextmanager
def serving(made: ServedLibrary) -> Iterator[Server]:
    """It on one web process: each has a breaker of its own."""
    server = Server(made.site, workers=1, threads=8)
    server.start()
    try:
        yield server
    finally:
        server.stop()
