"""Calls the server: in time, with what it takes to be let in, and with failures that say what."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from elastic_transport import TransportError
from elasticsearch import ApiError, ConflictError, Elasticsearch, UnsupportedProductError

from learning_hub.once import is_in_a_visit, once_a_visit
from search.engines.elasticsearch.punctual import PunctualNode
from search.engines.protocol import EngineUnavailable, IndexUnusable, WriterBusy

SECONDS_A_VISIT = 1.0
_STEPS_A_SECOND = 25
_LEAST_SECONDS = 1 / _STEPS_A_SECOND
PATIENT_SECONDS = 20.0
_CONNECTIONS_A_NODE = 64
# A node that failed is left out so long at most. With the client's own 30 s, nodes that are back
# could all be left out still when the last one fails, and the second attempt went to that again.
_SECONDS_WITHOUT_A_NODE = 5.0

Answered = TypeVar("Answered")


@dataclass(frozen=True)
class Address:
    """Where the server is and how to be let in; `index` is the alias, and begins other names.

    `seconds_a_visit` is all that a visitor waits for it in one visit, over all calls;
    `seconds_a_change` is what one call may take that changes the index, or looks at all of it.
    """

    urls: tuple[str, ...]
    index: str = "learning-hub"
    username: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca: str = ""
    shards: int = 1
    replicas: int = 1
    seconds_a_visit: float = SECONDS_A_VISIT
    seconds_a_change: float = PATIENT_SECONDS


def configured() -> Address:
    """The address of the settings."""
    return Address(
        urls=tuple(settings.HUB_ELASTICSEARCH_URL),
        index=settings.HUB_ELASTICSEARCH_INDEX,
        username=settings.HUB_ELASTICSEARCH_USERNAME,
        password=settings.HUB_ELASTICSEARCH_PASSWORD,
        api_key=settings.HUB_ELASTICSEARCH_API_KEY,
        ca=settings.HUB_ELASTICSEARCH_CA,
        shards=settings.HUB_ELASTICSEARCH_SHARDS,
        replicas=settings.HUB_ELASTICSEARCH_REPLICAS,
    )


def client_of(address: Address) -> Elasticsearch:
    """A client that always checks certificates, and tries one other node where there are more."""
    options: dict[str, Any] = {}
    if address.username:
        options["basic_auth"] = (address.username, address.password)
    if address.api_key:
        options["api_key"] = address.api_key
    if address.ca:
        options["ca_certs"] = address.ca
    several = len(address.urls) > 1
    return Elasticsearch(
        list(address.urls),
        node_class=PunctualNode,
        connections_per_node=_CONNECTIONS_A_NODE,
        max_dead_node_backoff=_SECONDS_WITHOUT_A_NODE,
        max_retries=1 if several else 0,
        retry_on_timeout=several,
        request_timeout=PATIENT_SECONDS,
        **options,
    )


class _Allowance:
    """What is left of the time that one visit may wait for the server."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Connection:
    """Calls one server, or the nodes of one cluster; safe to share, and over a fork."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._clients: tuple[int, dict[float, Elasticsearch]] = 0, {}

    def ask(self, work: Callable[[Elasticsearch], Answered], seconds: float = math.inf) -> Answered:
        """What `work` makes of the server, for somebody who waits for it.

        All calls of one visit share what a visitor can be asked to wait; raises
        EngineUnavailable at once where nothing is left of it.
        """
        allowance = once_a_visit(
            "seconds for the search server", lambda: _Allowance(self.address.seconds_a_visit)
        )
        seconds = min(seconds, allowance.seconds)
        if seconds < _LEAST_SECONDS:
            raise EngineUnavailable("The search server has taken all the time of this visit.")
        started = time.monotonic()
        try:
            return self._call(work, seconds)
        finally:
            allowance.seconds -= time.monotonic() - started

    def tell(
        self, work: Callable[[Elasticsearch], Answered], seconds: float | None = None
    ) -> Answered:
        """What `work` makes of the server, where changes take as long as they take."""
        return self._call(work, self.address.seconds_a_change if seconds is None else seconds)

    def prepare(self, work: Callable[[Elasticsearch], Answered]) -> Answered:
        """What `work` makes of the server before a change: quickly only where a visitor waits.

        A rebuild or a worker is no visitor. A cluster that has just started is slow at first.
        """
        return self.ask(work) if is_in_a_visit() else self.tell(work)

    def _call(self, work: Callable[[Elasticsearch], Answered], seconds: float) -> Answered:
        # With several nodes there may be a second attempt, within the same time.
        an_attempt = seconds / 2 if len(self.address.urls) > 1 else seconds
        with answering():
            return work(self._client(an_attempt))

    def _client(self, seconds: float) -> Elasticsearch:
        """The client that waits so long, made once: to make one takes most of a millisecond.

        A process that was forked makes its own, since sockets cannot be shared.
        """
        process, clients = self._clients
        if process != os.getpid():
            clients = {PATIENT_SECONDS: client_of(self.address)}
            self._clients = os.getpid(), clients
        step = max(math.floor(seconds * _STEPS_A_SECOND), 1) / _STEPS_A_SECOND
        if step not in clients:
            clients[step] = clients[PATIENT_SECONDS].options(request_timeout=step)
        return clients[step]


@contextmanager
def answering() -> Iterator[None]:
    """Turn whatever the client raises, or a reader of its answer, into this project's words."""
    try:
        yield
    except (IndexUnusable, EngineUnavailable, WriterBusy):
        raise
    except ConflictError as problem:
        raise WriterBusy("Another process has written to the search index meanwhile.") from problem
    except (TransportError, UnsupportedProductError) as problem:
        raise EngineUnavailable(
            f"The search server does not answer: {summary(problem)}"
        ) from problem
    except ApiError as problem:
        raise _refusal(problem) from problem
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        said = f"{type(problem).__name__}: {summary(problem)}"
        raise EngineUnavailable(f"The search server's answer makes no sense: {said}") from problem


def require_whole(found: Mapping[str, Any]) -> None:
    """Raise EngineUnavailable where a search was not answered by every shard, or not in time."""
    if found["timed_out"] is not False or found["_shards"]["failed"]:
        raise EngineUnavailable("The search server answered in part only.")


def summary(problem: Exception) -> str:
    """What a problem says, in one short line."""
    said = problem.message if isinstance(problem, TransportError) else problem
    return " ".join(str(said).split())[:300]


def kind_of(problem: ApiError) -> str:
    """The server's own word for what went wrong; empty where it is no word of the server."""
    error = problem.body.get("error") if isinstance(problem.body, dict) else None
    return str(error.get("type", "")) if isinstance(error, dict) else ""


def _refusal(problem: ApiError) -> Exception:
    kind = kind_of(problem)
    if kind == "index_not_found_exception":
        return IndexUnusable("There is no search index on the search server.")
    if problem.status_code == 400 and kind:
        return IndexUnusable(f"The search index cannot answer this: {summary(problem)}")
    return EngineUnavailable(
        f"The search server answers {problem.status_code}: {kind or 'no word'}"
    )
