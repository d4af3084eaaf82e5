"""A library on a real web server whose search engine lies behind a proxy that can fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.durability.site import Site, new_site
from tests.plugins.elasticsearch import ElasticsearchAddress
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import Fault


@dataclass(frozen=True)
class ServedLibrary:
    """A site whose index is at `elasticsearch` under the alias `index`, seen through `proxy`.

    `questions` are addresses that find something.
    """

    site: Site
    elasticsearch: ElasticsearchAddress
    proxy: FaultProxy
    index: str
    questions: tuple[str, ...] = ()

    @contextmanager
    def failing(self, fault: Fault | str) -> Iterator[None]:
        """The server fails so: as a proxy can make it, or by an index that is not as it should."""
        if isinstance(fault, Fault):
            with self.proxy.failing(fault):
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


def environment(proxy: FaultProxy, index: str) -> dict[str, str]:
    """The settings of a site that searches through `proxy`."""
    return {
        "HUB_SEARCH_ENGINE": "elasticsearch",
        "HUB_ELASTICSEARCH_URL": proxy.url,
        "HUB_ELASTICSEARCH_INDEX": index,
        "HUB_ELASTICSEARCH_REPLICAS": "0",
    }


def library(
    folder: Path, migrated: Path, proxy: FaultProxy, elasticsearch: ElasticsearchAddress
) -> ServedLibrary:
    """A site in a new folder with a copy of the migrated database, and no index yet."""
    index = f"hub-{folder.name}"
    site = new_site(folder, migrated, **environment(proxy, index))
    return ServedLibrary(site, elasticsearch, proxy, index)
