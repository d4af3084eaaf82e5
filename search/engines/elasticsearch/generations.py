"""The indices behind the alias: makes a new one, lets it answer, removes those given up."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.elasticsearch import mapping
from search.engines.elasticsearch.connection import SECONDS_A_VISIT, Address, Connection
from search.engines.protocol import EngineUnavailable, IndexUnusable

logger = logging.getLogger(__name__)
# To begin the switch, and to tell all nodes: together less than one attempt of a change.
_TO_SWITCH = "4s"


def is_ours(index: str, prefix: str) -> bool:
    """Whether an index of this name was made here, for this alias and no longer one."""
    return re.fullmatch(rf"{re.escape(prefix)}-[0-9a-f]{{12}}-[0-9a-f]{{32}}", index) is not None


def make(connection: Connection, facets: frozenset[str], fingerprint: str) -> str:
    """Make a new, empty index by the template, and return its name."""
    address = connection.address
    index = f"{address.index}-{fingerprint}-{uuid.uuid4().hex}"
    described = mapping.template(address.index, facets, address.shards, address.replicas)

    def made(client: Elasticsearch) -> Mapping[str, Any]:
        client.indices.put_index_template(name=address.index, **described)
        client.indices.create(index=index)
        return client.indices.get_mapping(index=index)[index]["mappings"]

    wanted = described["template"]["mappings"]
    if not mapping.is_as_wanted(connection.tell(made), wanted):
        remove_what_does_not_answer(connection, index)
        raise IndexUnusable(
            f"Another index template of the search server changes {index}: give it a lower "
            f"priority than {described['priority']}, or other index patterns."
        )
    return index


def answering(client: Elasticsearch, prefix: str) -> set[str]:
    """The indices that the alias stands for."""
    return {
        index for index, held in _with_aliases(client, prefix).items() if prefix in held["aliases"]
    }


def let_answer(connection: Connection, index: str) -> None:
    """Let the index answer, and no other, in one step.

    The server drops what it has not begun in time, so that it is not done after we gave up.
    Where some node has not said that it knows, the alias itself tells. Raises EngineUnavailable.
    """
    prefix = connection.address.index

    def switch(client: Elasticsearch) -> None:
        actions: list[dict[str, Any]] = [
            {"remove": {"index": other, "alias": prefix, "must_exist": False}}
            for other in answering(client, prefix) - {index}
        ]
        actions.append({"add": {"index": index, "alias": prefix}})
        done = client.indices.update_aliases(
            actions=actions, timeout=_TO_SWITCH, master_timeout=_TO_SWITCH
        )
        if done["acknowledged"] is not True and answering(client, prefix) != {index}:
            raise EngineUnavailable("The search server did not let the new index answer.")

    connection.tell(switch)


def remove_all(address: Address) -> None:
    """Remove every trace of an engine that was to be kept apart."""
    prefix = address.index

    def remove(client: Elasticsearch) -> None:
        made = [index for index in _with_aliases(client, prefix) if is_ours(index, prefix)]
        for index in [*made, f"{prefix}.locks"]:
            client.indices.delete(index=index, ignore_unavailable=True)
        client.options(ignore_status=404).indices.delete_index_template(name=prefix)

    Connection(address).tell(remove)


def remove_leftovers(connection: Connection) -> None:
    """Remove what rebuilds that died left behind. The lock of rebuilds must be held."""
    prefix = connection.address.index

    def remove(client: Elasticsearch) -> None:
        for index in _given_up(client, prefix):
            client.indices.delete(index=index, ignore_unavailable=True)

    connection.tell(remove)


def remove_what_does_not_answer(connection: Connection, index: str) -> None:
    """Remove `index` where it was given up, or the others where it answers.

    Those may be answering a visitor still, so they are left as long as one waits.
    """
    prefix = connection.address.index

    def remove(client: Elasticsearch) -> None:
        given_up = _given_up(client, prefix)
        if index not in given_up and given_up:
            time.sleep(SECONDS_A_VISIT)
        for other in given_up:
            client.indices.delete(index=other, ignore_unavailable=True)

    try:
        connection.tell(remove)
    except Exception as problem:
        logger.warning("An index is left for the next rebuild to remove: %s", problem)


def _given_up(client: Elasticsearch, prefix: str) -> list[str]:
    """The indices of ours that nobody reads."""
    return [
        index
        for index, held in _with_aliases(client, prefix).items()
        if is_ours(index, prefix) and prefix not in held["aliases"]
    ]


def _with_aliases(client: Elasticsearch, prefix: str) -> Mapping[str, Any]:
    return client.indices.get_alias(index=f"{prefix}-*").body
