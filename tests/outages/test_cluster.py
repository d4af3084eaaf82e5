"""Nodes of a cluster of three are killed under load: no request fails, no document is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from tests.durability.site import ROOT, Site
from tests.outages.searching import Stream, ask_all, asker
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
        command = [sys.executable, "-m", "django", "run_worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=site.environment, stdout=log, stderr=log)
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


def test_killed_nodes_cost_no_request_and_no_document(
    elasticsearch_cluster: ElasticsearchServer, new_library: Callable[..., ServedLibrary]
) -> None:
    dice = random.Random(6)
    library = new_library(elasticsearch_cluster, elasticsearch_cluster.url, STUDIES)
    elasticsearch_cluster.wait_until_whole()
    with serving(library) as server, working(library.site):
        found = {each.path: each.total for each in ask_all(server.port, library.questions)}
        with Stream(asker(server.port, library.questions), A_SECOND) as stream:
            for round_ in range(ROUNDS):
                number = dice.randrange(3)
                time.sleep(dice.uniform(0.5, 1.5))
                elasticsearch_cluster.kill_node(number)
                library.site.run("tests.outages.edit", str(RENAMED_A_ROUND), str(round_))
                elasticsearch_cluster.start_node(number)
        differed = seconds_until_nothing_differs(library.site)
    heard = [asked.result() for asked in stream.asked]
    failed = [each for each in heard if each.status != 200 or each.total != found[each.path]]
    by = Counter(each.engine for each in heard)
    times = sorted(each.seconds * 1_000 for each in heard)
    print(
        f"\n{ROUNDS} nodes killed, {len(heard)} searches, {len(failed)} failed or missed a study, "
        f"answered by {dict(by)}, median {median(times):.0f} ms, slowest {times[-1]:.0f} ms; "
        f"{ROUNDS * RENAMED_A_ROUND} renamed meanwhile, nothing differs {differed:.0f} s after"
    )
    assert min(found.values()) > 0
    assert not failed, failed[:3]
    assert by["elasticsearch"] > len(heard) / 2
