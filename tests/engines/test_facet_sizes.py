"""Each facet is counted to its last value: as many as its vocabulary has, and more where seen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from search import registry
from search.engines.elasticsearch import facet_sizes
from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.facet_sizes import FacetSizes
from search.engines.protocol import Engine, IndexUnusable
from search.plan import Plan
from tests.engines import corpus
from tests.engines.makers import EACH, ENGINES
from tests.engines.replies import noting
from tests.engines.test_contract import asking, document, fill
from tests.servers.fault_proxy import FaultProxy
from tests.servers.http_messages import Message

VALUES = [f"value-{number:04}" for number in range(3_000)]


@pytest.fixture(params=EACH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return ENGINES[request.param](request, tmp_path)


def spread(facet: str) -> list:
    """Ten documents that hold three thousand values between them."""
    return [document(id, facets={facet: tuple(VALUES[id::10])}) for id in range(10)]


@pytest.mark.parametrize("facet", ["region", "unannounced"])
def test_every_value_of_a_large_facet_is_counted(empty, facet):
    fill(empty, spread(facet))
    plan = asking("theatr", counted=(facet, "year"))
    assert empty.search(plan).counts == {facet: dict.fromkeys(VALUES, 1), "year": {}}
    assert empty.values([facet], (), ("public",))[facet] == dict.fromkeys(VALUES, 1)


def test_a_vocabulary_has_room_and_an_open_facet_a_bound():
    asked = []

    def vocabularies() -> dict[str, int]:
        asked.append(1)
        return {"region": 7, "specialty": 100_000}

    sizes = FacetSizes(vocabularies)
    assert not asked, "nothing was counted yet"
    assert [sizes[key] for key in ("region", "year", "specialty")] == [64, 1_000, 60_000]
    assert len(asked) == 1


@pytest.mark.django_db
def test_the_registry_knows_how_many_values_each_vocabulary_has():
    sizes, slots = registry.vocabulary_sizes(), registry.slots()
    assert sizes["type"] == len(registry.kinds()) > 3
    assert slots.keys() - sizes.keys() == {"year"}, "whatever the documents hold"
    collection = registry.collection("case-studies")
    assert collection is not None
    for facet in collection.facets:
        if facet.values is not None:
            assert sizes[facet.key] == len(facet.values()) > 0


@pytest.mark.slow
def test_a_facet_that_has_more_values_is_asked_for_again_and_then_no_more(address, fault_proxy):
    seen: list[int] = []

    def note(request: Message) -> None:
        if "_search" in request.path:
            counted = json.loads(request.body)["aggs"]["_filter_region"]["aggs"]["region"]
            seen.append(counted["terms"]["size"])

    engine = _through(fault_proxy, address, {"region": 7})
    fill(engine, spread("region"))
    fault_proxy.fault = noting(note)
    plan = asking("theatr", counted=("region",))
    assert engine.search(plan).counts["region"] == dict.fromkeys(VALUES, 1)
    assert seen == [64, 512, 4_096]
    assert len(engine.values(["region"], (), ("public",))["region"]) == 3_000
    assert engine.search(Plan(audience=("public",), counted=("region",))).total == 10
    assert seen == [64, 512, 4_096, 4_096, 4_096]


@pytest.mark.slow
def test_more_values_than_a_server_counts_are_refused_and_not_counted_wrong(engine, monkeypatch):
    monkeypatch.setattr(facet_sizes, "MOST_VALUES", 2_000)
    fill(engine, spread("region"))
    with pytest.raises(IndexUnusable, match=r"“region” has more than 2,000 values"):
        engine.search(asking("theatr", counted=("region",)))


def _through(
    proxy: FaultProxy, address: Address, vocabularies: dict[str, int]
) -> ElasticsearchEngine:
    asked = replace(address, urls=(proxy.url,))
    return ElasticsearchEngine(asked, corpus.SLOTS, lambda: vocabularies)
