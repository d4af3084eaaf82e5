"""Sends what our Elasticsearch engine would send, by the official client and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from elasticsearch import Elasticsearch

from search import registry
from search.engines.elasticsearch.compiler import PlannedSearch
from search.engines.elasticsearch.facet_sizes import FacetSizes
from search.engines.protocol import Engine
from search.plan import Plan


@contextmanager
def bare(engine: Engine) -> Iterator[Callable[[Plan], object]]:
    """Within the block, asks the engine's index for a plan's hits and counts, and reads nothing."""
    index = engine.whereabouts()["index"].split()[0]
    facets = frozenset(registry.slots())
    sizes = FacetSizes(registry.vocabulary_sizes)
    bodies: dict[str, dict] = {}
    client = Elasticsearch(settings.HUB_ELASTICSEARCH_URL)

    def send(plan: Plan) -> object:
        key = repr(plan)
        if key not in bodies:
            counted = {facet: sizes[facet] for facet in plan.counted}
            planned = PlannedSearch(plan, facets, sizes=counted)
            bodies[key] = planned.window(plan.start, plan.size)
        return client.search(index=index, body=bodies[key])

    with client:
        yield send
