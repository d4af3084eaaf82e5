"""Nodes of a cluster of three are killed under load: no request fails, no document is lost."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from case_studies.facets import KIND
from learning_hub.pages.visibility import PUBLIC
from search import registry
from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.protocol import Engine, EngineUnavailable, IndexUnusable
from search.plan import Plan
from tests.durability.site import Site
from tests.outages.searching import PATIENCE, Heard, Stream, ask_all, asker, times
from tests.outages.served import ServedLibrary, serving
from tests.plugins.elasticsearch import ElasticsearchServer

ROUNDS = 20
A_SECOND = 20  # searches
STUDIES = 2_000
RENAMED_A_ROUND = 25
WITHIN = 60  # seconds until the indices hold every change


@contextmanager
def working(site: Site) -> Iterator[None]:
    """The worker of the site follows its journal."""
    with (site.folder / "worker.log").open("ab") as log:
        worker = site.start("django", "run_worker", stdout=log, stderr=log)
    try:
        yield
        assert worker.poll() is None  # it has lived through it all
    finally:
        worker.terminate()
        worker.wait(30)


def seconds_until_nothing_differs(site: Site) -> float:
    """How long until every index equals the database, document by document."""
    began = time.monotonic()
    while True:
        try:
            told = site.run("django", "search_status", "--check")
        except AssertionError:
            if time.monotonic() > began + WITHIN:
                raise
        else:
            assert told.count("The index equals the database.") == 2
            return time.monotonic() - began


@dataclass(frozen=True)
class Counted:
    """What the cluster itself found, or why it did not answer."""

    total: int
    seconds: float
    problem: str = ""


def counter(engine: Engine) -> Callable[[], Counted]:
    """Asks the cluster itself how many studies there are, with the counts of two facets."""
    plan = Plan(audience=(PUBLIC,), kinds=(KIND,), counted=("region", "specialty"))

    def count() -> Counted:
        began = time.perf_counter()
        try:
            total, problem = engine.search(plan).total, ""
        except (EngineUnavailable, IndexUnusable) as failure:
            total, problem = -1, str(failure)
        return Counted(total, time.perf_counter() - began, problem)

    return count


def test_killed_nodes_cost_no_request_and_no_document(
    elasticsearch_cluster: ElasticsearchServer, new_library: Callable[..., ServedLibrary]
) -> None:
    """Every other search asks the site, the others the cluster itself, without a stand-in.

    Those wait as long as it takes: three nodes on one machine are slow while one of them starts.
    """
    dice = random.Random(6)
    library = new_library(elasticsearch_cluster, elasticsearch_cluster.url, STUDIES)
    elasticsearch_cluster.wait_until_whole()
    address = Address(tuple(elasticsearch_cluster.urls), library.index, seconds_a_visit=PATIENCE)
    count = counter(ElasticsearchEngine(address, registry.slots()))
    with serving(library) as server, working(library.site):
        found = {each.path: each.total for each in ask_all(server.port, library.questions)}
        visit = asker(server.port, library.questions)
        with Stream(lambda number: visit(number) if number % 2 else count(), A_SECOND) as stream:
            for round_ in range(ROUNDS):
                number = dice.randrange(3)
                time.sleep(dice.uniform(0.5, 1.5))
                elasticsearch_cluster.kill_node(number)
                library.site.run("tests.outages.edit", str(RENAMED_A_ROUND), str(round_))
                elasticsearch_cluster.start_node(number)
        differed = seconds_until_nothing_differs(library.site)
    told = [asked.result() for asked in stream.asked]
    heard = [each for each in told if isinstance(each, Heard)]
    counted = [each for each in told if isinstance(each, Counted)]
    by = Counter(each.engine for each in heard)
    print(
        f"\n{ROUNDS} nodes killed; {ROUNDS * RENAMED_A_ROUND} studies renamed, nothing differs "
        f"{differed:.0f} s after; the site was asked {len(heard)} times, answered by {dict(by)}, "
        f"{times(heard)}; the cluster itself {len(counted)} times, {times(counted)}"
    )
    failed = [each for each in heard if each.status != 200 or each.total != found[each.path]]
    assert not failed, failed[:3]
    assert min(found.values()) > 0
    lost = [each for each in counted if each.total != STUDIES]
    assert not lost, lost[:3]
    assert set(by) == {"elasticsearch", "embedded"}
