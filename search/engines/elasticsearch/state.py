"""How far an index has come, as a document of the index itself, replaced only by who has read it.

It is no part of the mapping (`_meta`), because only a document can be written on the condition
that nobody else has written it, and is read by its id at once, without waiting for a refresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from search.engines.elasticsearch.mapping import STATE_ID, microseconds
from search.engines.protocol import IndexState, IndexUnusable


@dataclass(frozen=True)
class Held:
    """The state of one index, and the version of the document that it was read from."""

    index: str
    state: IndexState
    fingerprint: str
    shards: int
    version: tuple[int, int] | None = None

    @property
    def key(self) -> tuple[str, tuple[int, int] | None]:
        """Changes with every commit, and with every rebuild."""
        return self.index, self.version


def read(client: Elasticsearch, alias: str, fingerprint: str) -> Held:
    """The state of the index behind `alias`. Raises IndexUnusable where it is none of ours."""
    try:
        found = client.get(index=alias, id=STATE_ID)
    except NotFoundError as problem:
        if isinstance(problem.body, dict) and problem.body.get("found") is False:
            raise IndexUnusable(
                f"“{alias}” on the search server is no index of this site."
            ) from None
        raise
    kept = found["_source"]["state"]
    if kept["fingerprint"] != fingerprint:
        raise IndexUnusable("The search index was made by another version of the site.")
    due = kept["next_expiry"]
    next_expiry = None if due is None else datetime.fromtimestamp(due / 1_000_000, UTC)
    return Held(
        index=found["_index"],
        state=IndexState(int(kept["sequence"]), str(kept["history"]), next_expiry),
        fingerprint=fingerprint,
        shards=int(kept["shards"]),
        version=(found["_seq_no"], found["_primary_term"]),
    )


def write(client: Elasticsearch, held: Held) -> Held:
    """Write the state over the one that was read; ConflictError where another has, meanwhile."""
    due = held.state.next_expiry
    kept = {
        "sequence": held.state.sequence,
        "history": held.state.history,
        "next_expiry": None if due is None else microseconds(due),
        "fingerprint": held.fingerprint,
        "shards": held.shards,
    }
    written = client.index(
        index=held.index, id=STATE_ID, document={"state": kept}, **_condition(held)
    )
    return replace(held, version=(written["_seq_no"], written["_primary_term"]))


def _condition(held: Held) -> Mapping[str, Any]:
    if held.version is None:
        return {"op_type": "create"}
    return {"if_seq_no": held.version[0], "if_primary_term": held.version[1]}
