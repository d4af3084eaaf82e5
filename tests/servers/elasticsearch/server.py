"""Runs one or several real Elasticsearch nodes on loopback, each a process of this machine."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

from tests.servers import processes
from tests.servers.elasticsearch import program
from tests.servers.elasticsearch.address import ElasticsearchAddress
from tests.servers.elasticsearch.program import ServerProblem
from tests.servers.ports import is_spare, spare_port

STARTS_WITHIN = 90  # seconds; 5 on a machine with nothing else to do


@dataclass(frozen=True)
class Node:
    """One node whose data, ports, log and process id are in `folder`."""

    folder: Path

    @property
    def name(self) -> str:
        """Its name in the cluster, such as node-1."""
        return self.folder.name

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.ports()[0]}"

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return processes.runs(self.folder)

    def ports(self) -> tuple[int, int]:
        """The ports of HTTP and of the talk between nodes, chosen when first started."""
        http, transport = (self.folder / "ports").read_text().split()
        return int(http), int(transport)

    def prepare(self) -> None:
        """Choose ports; those that it had are kept unless somebody else took them meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        known = (self.folder / "ports").exists()
        if not self.runs and not (known and all(map(is_spare, self.ports()))):
            (self.folder / "ports").write_text(f"{spare_port()} {spare_port()}")

    def start(self, settings: dict[str, object], lives_with: int | None) -> None:
        """Start the process, without waiting until it answers."""
        http, transport = self.ports()
        own = {
            "node.name": self.name,
            "http.port": http,
            "transport.port": transport,
            "path.data": self.folder / "data",
            "path.logs": self.folder / "logs",
        }
        tied = [] if lives_with is None else [f"-Dhub.lives.with={lives_with}"]
        processes.start(program.command(program.installed(), own | settings, *tied), self.folder)

    def stop(self) -> None:
        """Stop it in good order, if it runs."""
        processes.end(self.folder)

    def kill(self) -> None:
        """kill -9 it, if it runs."""
        processes.end(self.folder, signal.SIGKILL)

    def last_words(self) -> str:
        """The end of what it printed."""
        lines = (self.folder / "log").read_text(errors="replace").splitlines()
        return " / ".join(line.strip() for line in lines[-3:])


@dataclass(frozen=True)
class ElasticsearchServer(ElasticsearchAddress):
    """So many nodes in one cluster, everything of which is in `folder`.

    With `lives_with` its processes end when the process of that id does.
    """

    folder: Path
    size: int = 1
    lives_with: int | None = None

    @property
    def nodes(self) -> list[Node]:
        """Its nodes, running or not."""
        return [Node(self.folder / f"node-{number}") for number in range(1, self.size + 1)]

    @property
    def urls(self) -> list[str]:
        """The addresses of its nodes."""
        return [node.url for node in self.nodes]

    def start(self) -> None:
        """Start what does not run, and wait until all is well. Raises ServerProblem."""
        program.installed()
        self.folder.mkdir(parents=True, exist_ok=True)
        with program.locked(self.folder / "lock"):
            for node in self.nodes:
                node.prepare()
            for number in range(self.size):
                self.start_node(number, wait=False)
            self.wait_until_whole()

    def stop(self) -> None:
        """Stop every node that runs; the data stays."""
        for node in self.nodes:
            node.stop()

    def start_node(self, number: int, *, wait: bool = True) -> None:
        """Start the node of that number (from 0) if it does not run. Raises ServerProblem."""
        node = self.nodes[number]
        if not node.runs:
            node.prepare()
            node.start(self._settings(), self.lives_with)
        if wait:
            self.wait_until_whole()

    def stop_node(self, number: int) -> None:
        """Stop the node of that number (from 0) in good order."""
        self.nodes[number].stop()

    def kill_node(self, number: int) -> None:
        """kill -9 the node of that number (from 0)."""
        self.nodes[number].kill()

    def wait_until_whole(self) -> None:
        """Until every node is in, and every copy of every shard (one node has but one copy)."""
        status = "green" if self.size > 1 else "yellow"
        self.wait(status=status, nodes=self.size, within=STARTS_WITHIN)

    def check(self) -> None:
        """Raise ServerProblem where a node has ended by itself."""
        for node in self.nodes:
            if (node.folder / "pid").exists() and not node.runs:
                log = node.folder / "log"
                raise ServerProblem(f"{node.name} has ended: {node.last_words()}; see {log}")

    def _settings(self) -> dict[str, object]:
        settings: dict[str, object] = {
            "network.host": "127.0.0.1",
            "cluster.name": "learning-hub-tests",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "discovery.type": "single-node" if self.size == 1 else "multi-node",
        }
        if self.size > 1:
            seeds = [f"127.0.0.1:{node.ports()[1]}" for node in self.nodes]
            settings["discovery.seed_hosts"] = ",".join(seeds)
            names = [node.name for node in self.nodes]
            settings["cluster.initial_master_nodes"] = ",".join(names)
        return settings
