"""The Elasticsearch engine: answers plans from the index behind the alias."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.utils import timezone
from elasticsearch import Elasticsearch, NotFoundError

from search.engines.elasticsearch import mapping, state
from search.engines.elasticsearch.compiler import (
    PlannedSearch,
    copy_to_ask,
    public_with,
    public_words,
)
from search.engines.elasticsearch.connection import Address, Connection, require_whole
from search.engines.elasticsearch.facet_sizes import FacetSizes
from search.engines.elasticsearch.state import Held
from search.engines.elasticsearch.whereabouts import whereabouts
from search.engines.elasticsearch.writer import Builder, Writer, building, writing
from search.engines.protocol import Answer, EngineUnavailable, IndexState, IndexUnusable, Match
from search.plan import Plan

logger = logging.getLogger(__name__)
# So long the state that was read last is believed, where it holds what is asked for.
_SECONDS_TO_BELIEVE = 3.0
# Words to offer are a courtesy: so long a visitor waits for them, and so long nobody asks again.
_SECONDS_FOR_WORDS = 0.3
_SECONDS_WITHOUT_WORDS = 30.0
_MOST_KEPT = 5_000
_DIGESTS_A_TIME = 10_000

Worked = TypeVar("Worked")


@dataclass
class _Opened:
    """One state of the index with what has been worked out of it so far."""

    held: Held
    read_at: float
    known: dict[str, bool] = field(default_factory=dict)
    values: dict[tuple, dict[str, Mapping[str, int]]] = field(default_factory=dict)

    def expired_at(self) -> int | None:
        """Now, where a document has expired by now; else None, and no query need ask."""
        due, now = self.held.state.next_expiry, timezone.now()
        return mapping.microseconds(now) if due is not None and due <= now else None

    def how(self, copy: str) -> dict[str, Any]:
        """How every search is sent: whole or not at all, with one rarity over all shards."""
        how: dict[str, Any] = {"index": self.held.index, "allow_partial_search_results": False}
        if self.held.shards > 1:
            how["search_type"] = "dfs_query_then_fetch"
        return {**how, "preference": copy} if copy else how


class ElasticsearchEngine:
    """Answers from a server that any process of any machine may write to in its turn."""

    name = "elasticsearch"

    def __init__(
        self,
        address: Address,
        slots: Mapping[str, int],
        vocabularies: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._connection = Connection(address)
        self._alias = address.index
        self._facets = frozenset(slots)
        self._fingerprint = mapping.fingerprint(self._facets)
        self._sizes = FacetSizes(vocabularies)
        self._opened: _Opened | None = None
        # What was found last for each beginning, of which state; kept where that has passed.
        self._words: dict[str, tuple[object, Mapping[str, int]]] = {}
        self._no_words_until = 0.0

    def state(self, at_least: int = 0) -> IndexState:
        """See Engine."""
        opened = self._opened
        if at_least and opened is not None and opened.held.state.sequence >= at_least:
            return self._open().held.state
        return self._reopen().held.state

    def search(self, plan: Plan) -> Answer:
        """See Engine."""
        return self._answered(lambda opened: self._search(opened, plan))

    def _search(self, opened: _Opened, plan: Plan) -> Answer:
        is_near = plan.start + plan.size <= mapping.MAX_WINDOW

        def body(asked: PlannedSearch) -> dict[str, Any]:
            return asked.window(plan.start, plan.size) if is_near else asked.body()

        answer = self._counted(
            opened, plan, body, lambda found: _answer(plan, found), copy_to_ask(plan)
        )
        if is_near or plan.start >= answer.total:
            return answer
        return replace(answer, matches=self._from_the_end(opened, plan, answer.total))

    def _from_the_end(self, opened: _Opened, plan: Plan, total: int) -> tuple[Match, ...]:
        """A window too deep to be counted from the first hit."""
        size = min(plan.size, total - plan.start)
        start = total - plan.start - size
        if start + size > mapping.MAX_WINDOW:
            return ()
        body = self._planned(opened, _uncounted(plan)).window(start, size, is_reversed=True)
        return self._ask(opened, body, _matches, copy_to_ask(plan))[::-1]

    def count(self, plan: Plan) -> int:
        """See Engine."""

        def count(opened: _Opened) -> int:
            return self._ask(opened, self._planned(opened, _uncounted(plan)).body(), _total)

        return self._answered(count)

    def known(self, tokens: Iterable[str]) -> frozenset[str]:
        """See Engine. One call for all tokens of which it is not known yet."""
        wanted = list(dict.fromkeys(tokens))

        def known(opened: _Opened) -> frozenset[str]:
            asked = [token for token in wanted if token not in opened.known]
            if asked:
                if len(opened.known) > _MOST_KEPT:
                    opened.known.clear()
                opened.known.update(self._known(opened, asked))
            return frozenset(token for token in wanted if opened.known.get(token))

        return self._answered(known)

    def _known(self, opened: _Opened, tokens: Sequence[str]) -> dict[str, bool]:
        searches: list[Mapping[str, Any]] = []
        for token in tokens:
            searches += [{"allow_partial_search_results": False}, public_with(token)]

        def sent(client: Elasticsearch) -> dict[str, bool]:
            found = client.msearch(index=opened.held.index, searches=searches)["responses"]
            for answer in found:
                _require_index(answer)
                require_whole(answer)
            return {token: _total(answer) > 0 for token, answer in zip(tokens, found, strict=True)}

        return self._connection.ask(sent)

    def words(self, prefix: str) -> Mapping[str, int]:
        """See Engine. What was found of an earlier state, or none, where it takes too long."""
        if prefix and not prefix.isalpha():
            return {}
        opened = self._open()
        key, kept = self._words.get(prefix, (None, {}))
        if key == opened.held.key or time.monotonic() < self._no_words_until:
            return kept
        try:
            found = self._answered(lambda opened: self._found_words(opened, prefix))
        except EngineUnavailable as problem:
            logger.info("Words are not offered for a while: %s", problem)
            self._no_words_until = time.monotonic() + _SECONDS_WITHOUT_WORDS
            return kept
        if len(self._words) > _MOST_KEPT:
            self._words.clear()
        self._words[prefix] = opened.held.key, found
        return found

    def _found_words(self, opened: _Opened, prefix: str) -> dict[str, int]:
        body = public_words(mapping.word_fields(prefix), prefix, _SECONDS_FOR_WORDS)
        return self._ask(opened, body, _words, seconds=_SECONDS_FOR_WORDS)

    def titled(self, words: Sequence[str], plan: Plan) -> tuple[Match, ...]:
        """See Engine."""

        def titled(opened: _Opened) -> tuple[Match, ...]:
            asked = self._planned(opened, _uncounted(plan), words)
            return self._ask(opened, asked.window(plan.start, plan.size), _matches)

        return self._answered(titled)

    def values(
        self, facets: Sequence[str], kinds: tuple[str, ...], audience: tuple[str, ...]
    ) -> Mapping[str, Mapping[str, int]]:
        """See Engine."""

        def values(opened: _Opened) -> Mapping[str, Mapping[str, int]]:
            if len(opened.values) > _MOST_KEPT:
                opened.values.clear()
            known = opened.values.setdefault((kinds, audience), {})
            if missing := tuple(facet for facet in facets if facet not in known):
                plan = Plan(audience=audience, kinds=kinds, counted=missing)
                counts = self._counted(
                    opened, plan, PlannedSearch.body, lambda found: _counts(plan, found)
                )
                known.update(counts)
            return {facet: known[facet] for facet in facets}

        return self._answered(values)

    def document(self, id: int) -> Match | None:
        """See Engine."""
        return self._answered(lambda opened: self._document(opened, id))

    def _document(self, opened: _Opened, id: int) -> Match | None:
        def read(client: Elasticsearch) -> Match | None:
            try:
                found = client.get(index=opened.held.index, id=str(id), realtime=False)
            except NotFoundError as problem:
                if isinstance(problem.body, dict) and problem.body.get("found") is False:
                    return None
                raise
            return mapping.from_index(found.body)

        return self._connection.ask(read)

    def digests(self) -> Mapping[int, int]:
        """See Engine. Reads the whole index, so many documents at a time."""
        opened = self._reopen()
        digests: dict[int, int] = {}
        body: dict[str, Any] = {
            "query": {"exists": {"field": "id"}},
            "size": _DIGESTS_A_TIME,
            "sort": [{"id": "asc"}],
            "_source": False,
            "docvalue_fields": ["digest"],
            "track_total_hits": False,
        }
        while True:
            found = self._connection.tell(
                lambda client: _digests(client.search(**opened.how(""), body=body).body)
            )
            digests |= found
            if len(found) < _DIGESTS_A_TIME:
                return digests
            body["search_after"] = [max(found)]

    @contextmanager
    def writing(self, timeout: float = 0.0) -> Iterator[Writer]:
        """See Engine."""
        try:
            with writing(self._connection, self._facets, self._fingerprint, timeout) as writer:
                yield writer
        finally:
            self._opened = None

    @contextmanager
    def rebuilding(self) -> Iterator[Builder]:
        """See Engine."""
        try:
            with building(self._connection, self._facets, self._fingerprint) as builder:
                yield builder
        finally:
            self._opened = None

    def whereabouts(self) -> Mapping[str, str]:
        """See Engine."""
        return whereabouts(self._connection, self._reopen().held.index)

    def _planned(
        self,
        opened: _Opened,
        plan: Plan,
        title_begins: Sequence[str] = (),
        sizes: Mapping[str, int] | None = None,
    ) -> PlannedSearch:
        return PlannedSearch(
            plan,
            self._facets,
            sizes=sizes or {},
            expired_at=opened.expired_at(),
            title_begins=title_begins,
        )

    def _counted(
        self,
        opened: _Opened,
        plan: Plan,
        body: Callable[[PlannedSearch], dict[str, Any]],
        read: Callable[[Mapping[str, Any]], Worked],
        copy: str = "",
    ) -> Worked:
        """What `read` makes of an answer in which no value of a counted facet is left out."""
        while True:
            sizes = {key: self._sizes[key] for key in plan.counted}
            asked = body(self._planned(opened, plan, sizes=sizes))

            def whole(found: Mapping[str, Any], sizes: Mapping[str, int] = sizes) -> Worked | None:
                short = sizes and self._sizes.grow_where_short(found["aggregations"], sizes)
                return None if short else read(found)

            answer = self._ask(opened, asked, whole, copy)
            if answer is not None:
                return answer

    def _ask(
        self,
        opened: _Opened,
        body: dict[str, Any],
        read: Callable[[Mapping[str, Any]], Worked],
        copy: str = "",
        seconds: float = math.inf,
    ) -> Worked:
        """What `read` makes of the server's answer to one search, which is whole."""
        how = opened.how(copy)

        def searched(client: Elasticsearch) -> Worked:
            found = client.search(**how, body=body).body
            require_whole(found)
            return read(found)

        return self._connection.ask(searched, seconds)

    def _answered(self, work: Callable[[_Opened], Worked]) -> Worked:
        """What `work` makes of the index; again of the new one where a rebuild removed it."""
        opened = self._open()
        try:
            return work(opened)
        except IndexUnusable:
            again = self._reopen()
            if again.held.index == opened.held.index:
                raise
            return work(again)

    def _open(self) -> _Opened:
        opened = self._opened
        if opened is not None and time.monotonic() < opened.read_at + _SECONDS_TO_BELIEVE:
            return opened
        return self._reopen()

    def _reopen(self) -> _Opened:
        """The state as it is now; what was worked out stays where it is the same."""
        held = self._connection.ask(
            lambda client: state.read(client, self._alias, self._fingerprint)
        )
        opened = self._opened
        if opened is None or opened.held.key != held.key:
            opened = _Opened(held, 0.0)
        opened.read_at = time.monotonic()
        self._opened = opened
        return opened


def _uncounted(plan: Plan) -> Plan:
    return replace(plan, counted=())


def _answer(plan: Plan, found: Mapping[str, Any]) -> Answer:
    return Answer(_total(found), _matches(found), _counts(plan, found))


def _words(found: Mapping[str, Any]) -> dict[str, int]:
    return {
        bucket["key"]: bucket["doc_count"]
        for field in found["aggregations"].values()
        for bucket in field["buckets"]
    }


def _require_index(answer: Mapping[str, Any]) -> None:
    """Raise IndexUnusable where one of several searches met an index that is gone."""
    if answer.get("error", {}).get("type") == "index_not_found_exception":
        raise IndexUnusable("There is no search index on the search server.")


def _total(found: Mapping[str, Any]) -> int:
    return int(found["hits"]["total"]["value"])


def _matches(found: Mapping[str, Any]) -> tuple[Match, ...]:
    return tuple(mapping.from_index(hit) for hit in found["hits"]["hits"])


def _counts(plan: Plan, found: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Every counted facet's values and counts. The empty value is none."""
    if not plan.counted:
        return {}
    filtered = found["aggregations"]
    return {
        key: {
            bucket["key"]: bucket["doc_count"]
            for bucket in filtered[f"_filter_{key}"][key]["buckets"]
            if bucket["key"]
        }
        for key in plan.counted
    }


def _digests(found: Mapping[str, Any]) -> dict[int, int]:
    require_whole(found)
    return {int(hit["sort"][0]): int(hit["fields"]["digest"][0]) for hit in found["hits"]["hits"]}
