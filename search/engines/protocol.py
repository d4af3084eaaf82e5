"""What every engine is: it holds the documents, answers plans, and knows how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from search.contract import SearchDocument
from search.plan import Plan


class IndexUnusable(Exception):
    """There is no index to ask: missing, damaged, or made by another version. Says which."""


class EngineUnavailable(Exception):
    """The server that holds the index did not answer in time, or not as it should. Says how."""


class WriterBusy(Exception):
    """Another process writes to the index, and went on doing so for as long as we could wait."""


class SearchMisconfigured(Exception):
    """The settings of the search server, or the server, must be put right. Says how."""


class SearchUnreachable(SearchMisconfigured):
    """No server answers at the address now: it may be down, and come back by itself."""


@dataclass(frozen=True)
class IndexState:
    """How far an index has come: the journal's sequence that it holds, of which journal.

    `next_expiry` is when the first of its documents expires.
    """

    sequence: int
    history: str
    next_expiry: datetime | None = None


@dataclass(frozen=True)
class Match:
    """One document that answered, with the texts to show of it and its facet values."""

    id: int
    kind: str
    score: float
    title: str
    summary: str
    body: str
    facets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Answer:
    """What a plan found: how many, one window of them, and how many hold each facet value."""

    total: int
    matches: tuple[Match, ...]
    counts: Mapping[str, Mapping[str, int]]


class IndexWriter(Protocol):
    """One writer's session."""

    @property
    def state(self) -> IndexState:
        """How far the index had come when the session began."""

    def replace(self, ids: Iterable[int], documents: Iterable[SearchDocument]) -> None:
        """Take `ids` out and put `documents` in; nobody sees it before `commit`."""

    def commit(self, sequence: int, history: str) -> None:
        """Make it all visible at once, without what has expired, and remember the sequence."""


class IndexBuilder(IndexWriter, Protocol):
    """A session that fills a new index beside the one that answers."""

    def switching(self) -> AbstractContextManager[None]:
        """Keep every other writer out; let the new index answer when the block ends well."""


class Engine(Protocol):
    """An engine. Every method may raise IndexUnusable, the writing ones WriterBusy.

    One whose index is on a server may raise EngineUnavailable too, from every method, and within
    the time that a visitor can be asked to wait.
    """

    name: str

    def state(self, at_least: int = 0) -> IndexState:
        """How far the index has come.

        What is known of it may be returned without looking again where it holds `at_least`
        that number of the journal: an index never falls behind where it was.
        """

    def search(self, plan: Plan) -> Answer:
        """The documents that answer the plan, in its order."""

    def count(self, plan: Plan) -> int:
        """How many documents answer the plan."""

    def known(self, tokens: Iterable[str]) -> frozenset[str]:
        """Which of these tokens stand in a document that everyone may see."""

    def words(self, prefix: str) -> Mapping[str, int]:
        """Words of documents that everyone may see, with how many documents hold each."""

    def titled(self, words: Sequence[str], plan: Plan) -> tuple[Match, ...]:
        """The plan's window of documents whose title has words that begin with all `words`."""

    def values(
        self, facets: Sequence[str], kinds: tuple[str, ...], audience: tuple[str, ...]
    ) -> Mapping[str, Mapping[str, int]]:
        """Each value of each facet with how many of the documents this audience may see hold it."""

    def document(self, id: int) -> Match | None:
        """The texts and facet values of one page, whoever may see it; None where unknown."""

    def digests(self) -> Mapping[int, int]:
        """The id of every document with the digest of what was indexed."""

    def writing(self, timeout: float) -> AbstractContextManager[IndexWriter]:
        """A session that changes the index in place, waiting at most `timeout` seconds."""

    def rebuilding(self) -> AbstractContextManager[IndexBuilder]:
        """A session that fills a new index; WriterBusy where one is being filled already."""

    def whereabouts(self) -> Mapping[str, str]:
        """Where the index lives and how big it is, in words for an administrator."""
