"""The site on Elasticsearch: found at once after each change, rebuilt, and told of in words."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from elasticsearch import Elasticsearch

from search import registry, sync
from search.contract import SearchRequest
from search.engines import roles, selection
from search.engines.elasticsearch import installed
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.query import run
from search.related import related_to
from search.suggestions import suggest
from tests.factories.case_studies import make_case_study, make_library

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def on_elasticsearch(settings, address, search_index, monkeypatch):
    """The settings of a site on the test server, empty, with nothing that stands in for it."""
    monkeypatch.setattr(roles, "is_server", lambda engine: False)
    settings.HUB_SEARCH_ENGINE = "elasticsearch"
    monkeypatch.setattr(installed, "configured", lambda: address)
    make_library()
    engine = selection.current_engine()
    assert isinstance(engine, ElasticsearchEngine)
    return engine


def found(text: str) -> list[int]:
    results = run(registry.collection("case-studies"), SearchRequest(text=text))
    assert results.engine == "elasticsearch"
    assert not results.notices
    return [hit.id for hit in results.hits]


def told(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_a_change_is_found_at_once_and_nothing_drifts(on_elasticsearch):
    study = make_case_study("Zirconium in theatre")
    assert found("zirconium") == [study.pk]
    study.title = "Airway course"
    study.save_revision().publish()
    assert found("zirconium") == []
    assert found("airway") == [study.pk]
    study.unpublish()
    assert found("airway") == []
    assert not sync.drift()


def test_a_rebuild_and_the_state_are_told_in_words(on_elasticsearch, address):
    make_case_study("Simulation in theatre")
    assert "documents, made in" in told("rebuild_search")
    status = told("search_status", "--check")
    assert f"behind the alias {address.index}" in status
    assert "The index equals the database." in status
    assert "shards active" in status


def test_words_titles_and_related_pages_are_offered(on_elasticsearch):
    first, second = make_case_study("Simulation nights"), make_case_study("Simulation days")
    collection = registry.collection("case-studies")
    labels = [suggestion.label for suggestion in suggest(collection, "simul")]
    assert {"Simulation nights", "Simulation days", "simulation"} <= set(labels)
    assert related_to(first.pk, collection) == [second.pk]
    assert run(collection, SearchRequest(text="simulatoin")).suggestion == "simulation"


def test_an_engine_apart_leaves_nothing_behind(on_elasticsearch, address):
    with selection.engine_apart() as apart, apart.rebuilding() as builder:
        builder.commit(0, "apart")
        with builder.switching():
            assert apart.name == "elasticsearch"
    with Elasticsearch(list(address.urls)) as client:
        assert list(client.indices.get(index=f"{address.index}-apart-*")) == []
    assert selection.embedded_engine().name == "embedded"
