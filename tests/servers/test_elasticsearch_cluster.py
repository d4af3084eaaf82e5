"""Three nodes on this machine: one cluster, whose nodes may be killed."""

from __future__ import annotations

import pytest

from tests.plugins.elasticsearch import ElasticsearchServer, main

pytestmark = pytest.mark.slow

WITH_COPIES = {"settings": {"number_of_shards": 1, "number_of_replicas": 1}}


def test_three_nodes_are_one_cluster_and_one_may_be_killed_and_come_back(
    elasticsearch_cluster: ElasticsearchServer,
) -> None:
    cluster = elasticsearch_cluster
    cluster.call("PUT", "/kept", WITH_COPIES)
    cluster.call("PUT", "/kept/_doc/1?refresh=true", {"title": "Simulation"})
    cluster.wait(status="green", nodes=3)

    for number in range(3):
        cluster.kill_node(number)
        assert [node.runs for node in cluster.nodes].count(True) == 2
        cluster.wait(status="yellow", nodes=2)
        assert cluster.call("GET", "/kept/_count")["count"] == 1
        cluster.start_node(number)
        health = cluster.call("GET", "/_cluster/health")
        assert (health["status"], health["number_of_nodes"]) == ("green", 3)
    assert cluster.call("GET", "/kept/_doc/1")["_source"] == {"title": "Simulation"}


def test_starting_twice_changes_nothing_and_data_outlives_a_stop(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("elasticsearch")
    try:
        main("start", str(folder))
        server = ElasticsearchServer(folder / "cluster-of-1")
        pid = (server.nodes[0].folder / "pid").read_text()
        main("start", str(folder))
        assert (server.nodes[0].folder / "pid").read_text() == pid
        server.call("PUT", "/kept", WITH_COPIES)
        server.call("PUT", "/kept/_doc/1?refresh=true", {"title": "Simulation"})
        main("stop", str(folder))
        assert not server.nodes[0].runs

        main("start", str(folder))
        assert server.call("GET", "/kept/_count")["count"] == 1
    finally:
        main("stop", str(folder))
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"HUB_ELASTICSEARCH_URL={server.url}"] * 3
