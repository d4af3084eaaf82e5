"""Sends many changes: so many at a time as the server takes, again where it is too busy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from search.engines.elasticsearch.connection import Connection
from search.engines.protocol import EngineUnavailable, IndexUnusable, WriterBusy

_DOCUMENTS_A_TIME = 500
_BYTES_A_TIME = 5_000_000
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 10.0
_BUSY = (429, 502, 503, 504)


def send(
    connection: Connection,
    actions: Iterable[dict[str, Any]],
    between: Callable[[], None],
    *,
    seconds: float,
    retries: int,
) -> None:
    """Send `actions`, calling `between` chunks; what the server is too busy for, again.

    Each call takes at most so many `seconds`. Waits twice as long before each of at most
    `retries` further attempts at a chunk. Raises
    EngineUnavailable where it stays too busy, WriterBusy where another has written a newer form,
    IndexUnusable where a document is refused.
    """

    def sent(client: Elasticsearch) -> None:
        results = streaming_bulk(
            client,
            actions,
            chunk_size=_DOCUMENTS_A_TIME,
            max_chunk_bytes=_BYTES_A_TIME,
            raise_on_error=False,
            max_retries=retries,
            initial_backoff=_FIRST_PAUSE,
            max_backoff=_LONGEST_PAUSE,
            retry_on_status=_BUSY,
        )
        for number, (is_done, result) in enumerate(results, start=1):
            if not is_done:
                _require_harmless(result)
            if number % _DOCUMENTS_A_TIME == 0:
                between()

    connection.tell(sent, seconds)


def _require_harmless(result: Mapping[str, Any]) -> None:
    """Raise what one item's failure means; to delete what is not there is none."""
    ((operation, item),) = result.items()
    status, error = int(item["status"]), item.get("error", {})
    said = f"{error.get('type', status)}: {error.get('reason', 'no reason given')}"
    if operation == "delete" and status == 404 and not error:
        return
    if status == 409:
        raise WriterBusy("Another process has written a newer form to the search index.")
    if status in _BUSY or status >= 500:
        raise EngineUnavailable(f"The search server did not take page {item.get('_id')}: {said}")
    raise IndexUnusable(f"The search server refuses page {item.get('_id')}: {said}")
