"""Locks that machines share: documents that one holder at a time may write, and that run out."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import BadRequestError, ConflictError, Elasticsearch, NotFoundError

from learning_hub.once import is_in_a_visit
from search.engines.elasticsearch.connection import Address, Connection, kind_of
from search.engines.protocol import IndexUnusable, WriterBusy

logger = logging.getLogger(__name__)
_RETRY_SECONDS = 0.05
# Who has died is waited for so long. A lock orders writers; that the newest form stays is the
# work of the versions that documents are written with, whoever's clock goes wrong.
LEASE_SECONDS = 20.0
_SECONDS_TO_LET_GO = 2.0
_SECONDS_TO_LET_GO_IN_A_VISIT = 0.4


class Lock:
    """One lock, held or not. Renewed where it is used, so that only the dead lose it."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._alias = f"{connection.address.index}.lock"
        self._name = name
        self._owner = uuid.uuid4().hex
        self._version: tuple[int, int] | None = None
        self._renewed_at = 0.0

    @contextmanager
    def held(self, timeout: float) -> Iterator[Lock]:
        """Hold the lock. Raises WriterBusy where it is not free within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not self._take():
            if time.monotonic() >= deadline:
                raise WriterBusy("Another process is writing to the search index.")
            time.sleep(_RETRY_SECONDS)
        try:
            yield self
        finally:
            self._release()

    def renew(self) -> None:
        """Go on holding it. Raises WriterBusy where it ran out and another took it."""
        if time.monotonic() > self._renewed_at + LEASE_SECONDS / 4:
            self._connection.prepare(self._write_over)

    def _take(self) -> bool:
        """Whether it could be taken; makes the index of the locks where there is none."""
        try:
            return self._connection.prepare(self._is_taken)
        except IndexUnusable:
            address = self._connection.address
            self._connection.prepare(lambda client: make_index(client, address))
            return self._connection.prepare(self._is_taken)

    def _is_taken(self, client: Elasticsearch) -> bool:
        """Take the lock where it is free or has run out."""
        try:
            self._write(client, op_type="create")
            return True
        except ConflictError:
            pass
        try:
            found = client.get(index=self._alias, id=self._name)
            if float(found["_source"]["until"]) > time.time():
                return False
            self._version = found["_seq_no"], found["_primary_term"]
            self._write_over(client)
        except (ConflictError, NotFoundError):
            return False  # another was quicker, or let go
        return True

    def _write_over(self, client: Elasticsearch) -> None:
        if self._version is None:
            raise WriterBusy("The search index is not locked.")
        sequence, term = self._version
        self._write(client, if_seq_no=sequence, if_primary_term=term)

    def _write(self, client: Elasticsearch, **condition: Any) -> None:
        lock = {"owner": self._owner, "until": time.time() + LEASE_SECONDS}
        # Most servers make an index that is written to and missing, visible and with two copies.
        # Asked for an alias they do not.
        written = client.index(
            index=self._alias, require_alias=True, id=self._name, document=lock, **condition
        )
        self._version = written["_seq_no"], written["_primary_term"]
        self._renewed_at = time.monotonic()

    def _release(self) -> None:
        """Let go, if it can be done: else it runs out."""
        if self._version is None:
            return
        sequence, term = self._version
        try:
            self._connection.tell(
                lambda client: client.delete(
                    index=self._alias, id=self._name, if_seq_no=sequence, if_primary_term=term
                ),
                _SECONDS_TO_LET_GO_IN_A_VISIT if is_in_a_visit() else _SECONDS_TO_LET_GO,
            )
        except Exception as problem:
            logger.info("A lock of the search index is left to run out: %s", problem)
        self._version = None


def make_index(client: Elasticsearch, address: Address) -> None:
    """Make the index that holds the locks, unless there is one, and the alias that leads to it."""
    index = f"{address.index}.locks"
    try:
        client.indices.create(
            index=index,
            settings={"number_of_replicas": address.replicas, "hidden": True},
            mappings={"dynamic": False},
        )
    except BadRequestError as problem:
        if kind_of(problem) != "resource_already_exists_exception":
            raise
    alias = {"index": index, "alias": f"{address.index}.lock", "is_hidden": True}
    client.indices.update_aliases(actions=[{"add": alias}])
