"""Writes to the server: changes in place, or a new index that takes the alias when it is whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor as Sender
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from elasticsearch import Elasticsearch

from learning_hub.once import is_in_a_visit
from search.contract import SearchDocument
from search.engines.elasticsearch import generations, mapping, state
from search.engines.elasticsearch.bulk import send
from search.engines.elasticsearch.connection import Connection, require_whole
from search.engines.elasticsearch.locks import Lock
from search.engines.elasticsearch.state import Held
from search.engines.protocol import EngineUnavailable, IndexState, IndexUnusable

_LOCK_SECONDS_OF_SWITCH = 30.0
_EXPIRED_A_TIME = 1_000
# Before a visitor is answered, what has changed is taken in quickly or left to the next.
_SECONDS_IN_A_VISIT = 1.0
_RETRIES_IN_A_VISIT = 1
_RETRIES_OF_CHANGES = 4
_RETRIES_OF_REBUILD = 9

_Pending = dict[int, SearchDocument | None]


class Writer:
    """One session that writes to one index. What is replaced is kept back until the commit.

    Documents are written with the journal's number as their version, so that a writer who was
    held up never puts an older form over a newer one, nor back what was deleted since.
    """

    def __init__(
        self, connection: Connection, held: Held, lock: Lock, facets: frozenset[str]
    ) -> None:
        self._connection = connection
        self._held = held
        self._lock = lock
        self._facets = facets
        self._pending: _Pending = {}
        self._may_expire = held.state.next_expiry is not None
        self._seconds, self._retries = self._patience()

    def _patience(self) -> tuple[float, int]:
        """How long a call may take, and how often it is made again where the server is busy."""
        if is_in_a_visit():
            return _SECONDS_IN_A_VISIT, _RETRIES_IN_A_VISIT
        return self._connection.address.seconds_a_change, _RETRIES_OF_CHANGES

    @property
    def state(self) -> IndexState:
        """See IndexWriter."""
        return self._held.state

    def replace(self, ids: Iterable[int], documents: Iterable[SearchDocument]) -> None:
        """See IndexWriter."""
        self._pending.update(dict.fromkeys(ids))
        self._pending.update((document.id, document) for document in documents)

    def commit(self, sequence: int, history: str) -> None:
        """See IndexWriter. The state is written last: it never names what is not there."""
        if self._pending:
            self._send(self._pending.items(), sequence)
            self._pending = {}
        self._refresh()
        next_expiry = self._without_expired(sequence) if self._may_expire else None
        self._may_expire = next_expiry is not None
        self._lock.renew()
        held = replace(self._held, state=IndexState(sequence, history, next_expiry))
        self._held = self._connection.tell(lambda client: state.write(client, held), self._seconds)

    def _send(self, changes: Iterable[tuple[int, SearchDocument | None]], version: int) -> None:
        self._send_actions(self._action(id, document, version) for id, document in changes)

    def _send_actions(self, actions: Iterable[dict[str, Any]]) -> None:
        send(
            self._connection,
            actions,
            self._lock.renew,
            seconds=self._seconds,
            retries=self._retries,
        )

    def _action(self, id: int, document: SearchDocument | None, version: int) -> dict[str, Any]:
        target = {
            "_index": self._held.index,
            "_id": str(id),
            "version": version,
            "version_type": "external_gte",
        }
        if document is None:
            return {**target, "_op_type": "delete"}
        self._may_expire = self._may_expire or document.expires_at is not None
        return {**target, "_source": mapping.to_index(document, self._facets)}

    def _refresh(self) -> None:
        def refreshed(client: Elasticsearch) -> int:
            return int(client.indices.refresh(index=self._held.index)["_shards"]["failed"])

        if self._connection.tell(refreshed, self._seconds):
            raise EngineUnavailable("The search server could not show what was written.")

    def _without_expired(self, sequence: int) -> datetime | None:
        """Take out what has expired, and tell when the next will."""
        now = mapping.microseconds(timezone.now())
        while True:
            ids, due = self._connection.tell(
                lambda client: _expired(client, self._held.index, now), self._seconds
            )
            if not ids:
                return None if due is None else datetime.fromtimestamp(due / 1_000_000, UTC)
            self._send([(id, None) for id in ids], sequence)
            self._refresh()


class Builder(Writer):
    """A session that fills a new index, which nobody reads before `switching` ends.

    While the server takes in one batch of the first fill, the next is made ready here.
    """

    def __init__(
        self, connection: Connection, held: Held, lock: Lock, facets: frozenset[str], sender: Sender
    ) -> None:
        super().__init__(connection, held, lock, facets)
        self._sender = sender
        self._on_its_way: Future[None] | None = None

    def _patience(self) -> tuple[float, int]:
        return self._connection.address.seconds_a_change, _RETRIES_OF_REBUILD

    def replace(self, ids: Iterable[int], documents: Iterable[SearchDocument]) -> None:
        """See IndexWriter. The first fill is sent at once, older than every change."""
        if self._held.version is not None:
            super().replace(ids, documents)
            return
        changes: _Pending = {**dict.fromkeys(ids), **{each.id: each for each in documents}}
        actions = [self._action(id, document, 0) for id, document in changes.items()]
        self._wait()
        self._on_its_way = self._sender.submit(self._send_actions, actions)

    def commit(self, sequence: int, history: str) -> None:
        """See IndexWriter."""
        self._wait()
        super().commit(sequence, history)

    def _wait(self) -> None:
        """Until the server has taken in what was sent; raises what stood in the way."""
        if self._on_its_way is not None:
            self._on_its_way.result()
            self._on_its_way = None

    @contextmanager
    def switching(self) -> Iterator[None]:
        """See IndexBuilder."""
        with Lock(self._connection, "writer").held(_LOCK_SECONDS_OF_SWITCH) as lock:
            yield
            lock.renew()
            self._lock.renew()
            if self._held.version is None:
                raise IndexUnusable("An index that was never committed cannot answer.")
            generations.let_answer(self._connection, self._held.index)


@contextmanager
def writing(
    connection: Connection, facets: frozenset[str], fingerprint: str, timeout: float
) -> Iterator[Writer]:
    """A session on the index in use; one at a time over all machines."""
    alias = connection.address.index
    with Lock(connection, "writer").held(timeout) as lock:
        held = connection.prepare(lambda client: state.read(client, alias, fingerprint))
        yield Writer(connection, held, lock, facets)


@contextmanager
def building(connection: Connection, facets: frozenset[str], fingerprint: str) -> Iterator[Builder]:
    """A session on a new index; one at a time over all machines, beside a writer."""
    with Lock(connection, "rebuild").held(0.0) as lock:
        generations.remove_leftovers(connection)
        index = generations.make(connection, facets, fingerprint)
        held = Held(index, IndexState(0, ""), fingerprint, connection.address.shards)
        try:
            with Sender(max_workers=1, thread_name_prefix="Filling an index") as sender:
                yield Builder(connection, held, lock, facets, sender)
        finally:
            generations.remove_what_does_not_answer(connection, index)


def _expired(client: Elasticsearch, index: str, now: int) -> tuple[list[int], int | None]:
    """Some of the documents that have expired, and when the first of the others will."""
    later = {"filter": {"range": {"expires": {"gt": now}}}}
    first = {"first": {"min": {"field": "expires"}}}
    found = client.search(
        index=index,
        query={"range": {"expires": {"lte": now}}},
        size=_EXPIRED_A_TIME,
        source=False,
        aggs={"all": {"global": {}, "aggs": {"later": {**later, "aggs": first}}}},
        allow_partial_search_results=False,
    )
    require_whole(found.body)
    due = found["aggregations"]["all"]["later"]["first"]["value"]
    return [int(hit["_id"]) for hit in found["hits"]["hits"]], None if due is None else int(due)
