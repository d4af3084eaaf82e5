"""One real node: what official clients see of it, and what is shared or removed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from elasticsearch import (
    ApiError,
    Elasticsearch,
    SerializationError,
    TransportError,
    UnsupportedProductError,
)

from tests.plugins.elasticsearch import (
    GIVEN,
    ElasticsearchAddress,
    ServerProblem,
    given_server,
    main,
)
from tests.servers import faults
from tests.servers.elasticsearch import program
from tests.servers.fault_proxy import FaultProxy

EXACT = re.compile(r"\d+(\.\d+)+")


def test_the_official_client_takes_it_for_the_version_that_is_pinned(
    elasticsearch_server: ElasticsearchAddress,
) -> None:
    with Elasticsearch(elasticsearch_server.urls) as client:
        assert client.info()["version"]["number"] == program.version()


def test_removing_a_prefix_takes_its_indices_and_templates_and_no_others(
    elasticsearch_server: ElasticsearchAddress,
) -> None:
    for name in ("server-mine-1", "server-mine-2", "server-theirs"):
        elasticsearch_server.call("PUT", f"/{name}", {"aliases": {f"{name}-alias": {}}})
    template = {"index_patterns": ["server-mine-*"], "priority": 7}
    elasticsearch_server.call("PUT", "/_index_template/server-mine", template)

    elasticsearch_server.remove("server-mine")

    assert set(elasticsearch_server.call("GET", "/server-*/_settings")) == {"server-theirs"}
    with pytest.raises(ServerProblem, match="404"):
        elasticsearch_server.call("GET", "/_index_template/server-mine")
    elasticsearch_server.remove("server-theirs")
    with pytest.raises(ValueError, match="everything"):
        elasticsearch_server.remove("")


def test_the_official_client_works_through_the_fault_proxy_and_fails_as_it_says(
    fault_proxy: FaultProxy,
) -> None:
    with Elasticsearch(fault_proxy.url, max_retries=0) as client:
        assert client.info()["version"]["number"] == program.version()
        assert client.cluster.health()["number_of_nodes"] == 1
        with fault_proxy.failing(faults.TOO_MANY), pytest.raises(ApiError, match="429"):
            client.cluster.health()
        with fault_proxy.failing(faults.TRUNCATED), pytest.raises(TransportError):
            client.cluster.health()
        with fault_proxy.failing(faults.GARBAGE), pytest.raises(SerializationError):
            client.cluster.health()
        assert client.cluster.health()["number_of_nodes"] == 1

    fault_proxy.fault = faults.ANOTHER_PRODUCT
    with Elasticsearch(fault_proxy.url) as client, pytest.raises(UnsupportedProductError):
        client.info()  # only the first answer is looked at


def test_an_address_where_nobody_listens_is_said_in_one_line() -> None:
    with pytest.raises(ServerProblem, match="refused") as raised:
        ElasticsearchAddress(["http://127.0.0.1:9"]).call("GET", "/")
    assert "\n" not in str(raised.value)


def test_a_server_that_is_named_is_used_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(GIVEN, raising=False)
    assert given_server() is None
    monkeypatch.setenv(GIVEN, "http://127.0.0.1:9201/, http://127.0.0.1:9202")
    given = given_server()
    assert given is not None
    assert given.url == "http://127.0.0.1:9201,http://127.0.0.1:9202"


@pytest.mark.parametrize("words", [("begin", "folder"), ("start", "folder", "2")])
def test_a_command_that_is_not_known_is_refused_in_one_line(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match=r"^(Say start or stop|NODES must be 1 or 3)\.$"):
        main(*words)


def test_every_version_that_maven_is_asked_for_is_exact() -> None:
    tree = ElementTree.parse(program.POM)
    asked = [
        *tree.iterfind(".//{*}dependency/{*}version"),
        *tree.iterfind(".//{*}plugin/{*}version"),
    ]
    versions = [str(element.text) for element in asked]
    versions = [program.version() if text.startswith("${") else text for text in versions]
    assert len(versions) == 3
    assert all(EXACT.fullmatch(text) for text in versions)


def test_every_artifact_is_pinned_with_its_digest() -> None:
    lines = program.PINS.read_text().splitlines()
    assert all(re.fullmatch(r"[0-9a-f]{64}  [\w.-]+-\d[\w.-]*\.jar", line) for line in lines)
    assert f"elasticsearch-{program.version()}.jar" in {line.split()[1] for line in lines}
    assert len(lines) > 30
