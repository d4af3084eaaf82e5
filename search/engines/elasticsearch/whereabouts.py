"""Tells an administrator where the index lives, how big it is and how the cluster is."""

from __future__ import annotations

from collections.abc import Mapping

from elasticsearch import Elasticsearch

from search.engines.elasticsearch.connection import Connection
from search.engines.protocol import EngineUnavailable


def whereabouts(connection: Connection, index: str) -> Mapping[str, str]:
    """See Engine. Addresses hold no password: the settings take none in them."""

    def read(client: Elasticsearch) -> Mapping[str, str]:
        told = client.indices.stats(index=index, metric=["docs", "store"])
        if told["_shards"]["failed"]:
            raise EngineUnavailable("The search server answered in part only.")
        found = told["_all"]
        health = client.cluster.health(index=index)
        documents = found["primaries"]["docs"]["count"] - 1  # one of them is the state
        return {
            "address": ", ".join(connection.address.urls),
            "index": f"{index} behind the alias {connection.address.index}",
            "documents": f"{documents:,}",
            "size": f"{found['total']['store']['size_in_bytes'] / 1_000_000:.1f} MB",
            "cluster": f"{health['status']}, {health['number_of_nodes']} nodes, "
            f"{health['active_shards']} shards active, {health['unassigned_shards']} not assigned",
        }

    return connection.tell(read)
