"""A server that cannot be used as it is set is found before it is relied on; one line says what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from elasticsearch import Elasticsearch

from search.engines import selection
from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.preflight import preflight
from search.engines.protocol import IndexUnusable, SearchMisconfigured, SearchUnreachable
from tests.engines import corpus
from tests.engines.replies import HTML, reply
from tests.engines.test_contract import asking, document, fill
from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy

pytestmark = pytest.mark.slow
NOWHERE = Address(("http://127.0.0.1:1",))
INFO = '{"version":{"number":"%s"}}'


def problem_of(address: Address, **options: bool) -> SearchMisconfigured:
    with pytest.raises(SearchMisconfigured) as raised:
        preflight(address, corpus.SLOTS, **options)
    assert len(str(raised.value).splitlines()) == 1
    return raised.value


@pytest.fixture
def stub() -> Iterator[FaultProxy]:
    """A server before which there is no other."""
    stub = FaultProxy("http://127.0.0.1:1")
    yield stub
    stub.close()


def test_a_server_that_is_right_is_accepted_before_and_after_its_index_is_made(engine, address):
    preflight(address, corpus.SLOTS)
    fill(engine, [])
    preflight(address, corpus.SLOTS)
    preflight(address, {**corpus.SLOTS, "new": 1})  # an older form, which a rebuild replaces


def test_a_host_that_is_not_there_is_a_wrong_address():
    problem = problem_of(Address(("http://search.invalid:9200",)))
    assert "there is no host “search.invalid”" in str(problem)
    assert not isinstance(problem, SearchUnreachable)


def test_a_server_that_is_down_is_told_apart_from_a_wrong_setting(stub, monkeypatch):
    assert isinstance(problem_of(NOWHERE), SearchUnreachable)
    monkeypatch.setattr("search.engines.elasticsearch.preflight._SECONDS_TO_CONNECT", 0.2)
    at_the_stub = Address((stub.url,))
    for fault in (faults.UNAVAILABLE, faults.DEAF, faults.DRIP, faults.SILENT):
        stub.fault = fault
        problem = problem_of(at_the_stub)
        assert isinstance(problem, SearchUnreachable)
    assert "in time" in str(problem)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (reply(200, "<html>", HTML, product=""), "is not Elasticsearch"),
        (reply(200, product=""), "is not Elasticsearch"),
        (reply(200, b"{}"), "is not Elasticsearch"),
        (reply(200, b'{"version'), "is not Elasticsearch"),
        (reply(404, "<html>", HTML, product=""), "is not Elasticsearch"),
        (reply(200, INFO % "9.1.0"), "is Elasticsearch 9.1.0. Use version 8"),
        (reply(200, INFO % "7.17.2"), "is Elasticsearch 7.17.2. Use version 8"),
        (
            reply(406, b'{"error":"Accept version must be compatible with 7"}'),
            "of another version",
        ),
        (faults.UNAUTHORISED, "refuses the name and password (401)"),
        (faults.FORBIDDEN, "does not allow this (403)"),
    ],
)
def test_what_answers_must_be_a_server_that_we_can_use_and_may(stub, fault, says):
    stub.fault = fault
    problem = problem_of(Address((stub.url,), username="hub", password="open-sesame"))
    assert says in str(problem)
    assert "open-sesame" not in str(problem)
    assert not isinstance(problem, SearchUnreachable)


def test_a_server_without_tls_and_a_file_without_certificates_are_told(address, tmp_path):
    secure = address.urls[0].replace("http", "https")
    assert "does not speak TLS" in str(problem_of(Address((secure,))))
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    assert "holds no certificates" in str(problem_of(Address((secure,), ca=str(empty))))


def test_an_index_of_others_or_changed_by_others_is_left_alone_and_told(engine, address):
    foreign = replace(address, index=f"{address.index}-theirs")
    with Elasticsearch(list(address.urls)) as client:
        client.indices.create(index=foreign.index)
        assert "this site did not make" in str(problem_of(foreign, is_rebuilding=True))
        fill(engine, [document(1)])
        serving = engine._reopen().held.index
        client.indices.put_mapping(index=serving, properties={"extra": {"type": "keyword"}})
    assert "Run: manage.py rebuild_search" in str(problem_of(address))
    preflight(address, corpus.SLOTS, is_rebuilding=True)
    fill(engine, [document(1)])
    preflight(address, corpus.SLOTS)


def test_a_template_of_others_that_changes_a_new_index_stops_the_rebuild(engine, address):
    fill(engine, [document(1)])
    name = f"{address.index}-other"
    with Elasticsearch(list(address.urls)) as client:
        client.indices.put_index_template(
            name=name,
            index_patterns=[f"{address.index}-*"],
            priority=100_000,
            template={"mappings": {"properties": {"text": {"type": "keyword"}}}},
        )
        try:
            with pytest.raises(IndexUnusable, match="Another index template"):
                fill(engine, [document(2)])
        finally:
            client.indices.delete_index_template(name=name)
    assert engine.search(asking("theatr")).matches[0].id == 1


def test_a_rebuild_looks_at_the_server_before_it_touches_anything(settings, stub):
    settings.HUB_SEARCH_ENGINE = "elasticsearch"
    settings.HUB_ELASTICSEARCH_URL = [stub.url]
    stub.fault = reply(200, INFO % "7.1.0")
    with pytest.raises(CommandError, match=r"Use version 8"):
        call_command("rebuild_search")
    assert stub.requests == ["GET /"]


def test_the_embedded_engine_needs_no_server(settings):
    settings.HUB_SEARCH_ENGINE = "embedded"
    settings.HUB_ELASTICSEARCH_URL = []
    selection.preflight()
