"""The embedded engine: answers plans from the folder's generation in use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import tantivy
from django.utils import timezone
from tantivy import Occur, Query

from search.engines.embedded import schema, store
from search.engines.embedded.bitmaps import View
from search.engines.embedded.broad import Broad, Generation
from search.engines.embedded.compiler import Compiler
from search.engines.embedded.damage import reading
from search.engines.embedded.folder import IndexFolder, Marker
from search.engines.embedded.orders import ORDERS
from search.engines.embedded.writer import Builder, Keeper, Writer, building, writing
from search.engines.protocol import Answer, IndexState, IndexUnusable, Match
from search.plan import Plan

# From so many documents on, plans that one document in so many may answer are asked by bitmaps.
# Fewer are looked at one by one in a few milliseconds, so that no bitmaps need be kept of them.
FEWEST_DOCUMENTS = 50_000
_BROAD_SHARE = 32
# Each facet with a selection costs an aggregation more, and bitmaps nothing.
_TIMES_BROADER_WITH_SELECTIONS = 32
# So many hits are looked at in less time than a few of them twice.
_SOON_LOOKED_AT = 2_000
_Hits = list[tuple[Any, tantivy.DocAddress]]


@dataclass
class _Opened:
    """One state of the index, opened, with what has been worked out of it so far."""

    stamp: tuple[int, int]
    marker: Marker
    index: tantivy.Index
    searcher: tantivy.Searcher
    generation: Generation
    broad: Broad
    words: dict[str, dict[str, int]] = field(default_factory=dict)
    overfull: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    values: dict[tuple, dict[str, Mapping[str, int]]] = field(default_factory=dict)

    def expired_at(self) -> int | None:
        """Now, where a document has expired by now; else None, and no query need ask."""
        due = self.marker.next_expiry
        now = schema.microseconds(timezone.now())
        return now if due is not None and due <= now else None


class EmbeddedEngine:
    """Answers from a folder that any process of this machine may write to in its turn.

    An index of `fewest_documents` or more answers by bitmaps what one document in `broad_share`
    may answer.
    """

    name = "embedded"

    def __init__(
        self,
        root: Path,
        slots: Mapping[str, int],
        *,
        fewest_documents: int = FEWEST_DOCUMENTS,
        broad_share: int = _BROAD_SHARE,
    ) -> None:
        self._fewest_documents = fewest_documents
        self._broad_share = broad_share
        self._folder = IndexFolder(root)
        self._slots = dict(slots)
        self._fingerprint = schema.fingerprint(slots)
        self._schema = schema.build()
        self._compiler = Compiler(self._schema, self._slots)
        self._opened: _Opened | None = None
        self._opening = Lock()

    def state(self, at_least: int = 0) -> IndexState:
        """See Engine."""
        marker = self._open().marker
        due = marker.next_expiry
        next_expiry = None if due is None else datetime.fromtimestamp(due / 1_000_000, UTC)
        return IndexState(marker.sequence, marker.history, next_expiry)

    def search(self, plan: Plan) -> Answer:
        """See Engine."""
        opened = self._open()
        expired_at = opened.expired_at()
        with reading():
            if self._is_broad(opened, plan):
                return self._broadly(opened, plan, expired_at)
            query = self._compiler.matching(plan, expired_at)
            total, hits = _window(opened.searcher, query, plan)
            matches = tuple(_match(opened.searcher, *hit) for hit in hits)
            counts: Mapping[str, Mapping[str, int]] = {}
            if plan.counted:
                counts = self._counts(opened, plan, expired_at)
        return Answer(total, matches, counts)

    def _is_broad(self, opened: _Opened, plan: Plan) -> bool:
        documents = opened.searcher.num_docs
        if documents < max(self._fewest_documents, 1) or (plan.preferences and not plan.counted):
            return False
        has_selections = any(facet in plan.filters for facet in plan.counted)
        share = self._broad_share * (_TIMES_BROADER_WITH_SELECTIONS if has_selections else 1)
        return opened.broad.most(plan) * share >= documents

    def _broadly(self, opened: _Opened, plan: Plan, expired_at: int | None) -> Answer:
        """The answer by bitmaps; the documents to show are asked of the index once more."""
        found = opened.broad.filtered(plan, expired_at)
        total = found.matching().bit_count()
        hits: _Hits = []
        if total > plan.start and plan.size:
            query = self._compiler.matching(plan, expired_at)
            is_small = plan.order not in ORDERS and total <= _SOON_LOOKED_AT
            among = None if is_small else opened.broad.candidates(plan, found)
            if among is not None:
                query = Query.boolean_query([(Occur.Must, query), (Occur.Must, among)])
            _, hits = _window(opened.searcher, query, plan, total if is_small else 0)
        matches = tuple(_match(opened.searcher, *hit) for hit in hits)
        return Answer(total, matches, opened.broad.counts(plan, found))

    def _counts(
        self, opened: _Opened, plan: Plan, expired_at: int | None
    ) -> dict[str, dict[str, int]]:
        overfull = opened.overfull.get(plan.counted)
        if overfull is None:
            found = opened.searcher.aggregate(
                Query.all_query(), self._compiler.overflow(plan.counted)
            )
            overfull = frozenset(key for key in plan.counted if found[key]["buckets"])
            opened.overfull[plan.counted] = overfull
        counting = self._compiler.counting(plan, expired_at, overfull)
        return self._compiler.counts(
            plan, [opened.searcher.aggregate(query, columns) for query, columns in counting]
        )

    def count(self, plan: Plan) -> int:
        """See Engine."""
        opened = self._open()
        expired_at = opened.expired_at()
        with reading():
            if self._is_broad(opened, plan):
                return opened.broad.filtered(plan, expired_at).matching().bit_count()
            query = self._compiler.matching(plan, expired_at)
            return _total(opened.searcher.search(query, 1))

    def known(self, tokens: Iterable[str]) -> frozenset[str]:
        """See Engine."""
        opened = self._open()
        with reading():
            return frozenset(token for token in tokens if self._is_known(opened, token))

    def _is_known(self, opened: _Opened, token: str) -> bool:
        parts = [(Occur.Must, self._compiler.public()), (Occur.Must, self._compiler.token(token))]
        return bool(opened.searcher.search(Query.boolean_query(parts), 1, count=False).hits)

    def words(self, prefix: str) -> Mapping[str, int]:
        """See Engine."""
        opened = self._open()
        if prefix not in opened.words:
            with reading():
                found = opened.searcher.terms_with_prefix("words", prefix, self._compiler.public())
            opened.words[prefix] = dict(found)
        return opened.words[prefix]

    def titled(self, words: Sequence[str], plan: Plan) -> tuple[Match, ...]:
        """See Engine."""
        opened = self._open()
        with reading():
            visible = self._compiler.matching(plan, opened.expired_at())
            query = Query.boolean_query(
                [(Occur.Must, visible), (Occur.Must, self._compiler.titled(words))]
            )
            _, hits = _window(opened.searcher, query, plan)
            return tuple(_match(opened.searcher, *hit) for hit in hits)

    def values(
        self, facets: Sequence[str], kinds: tuple[str, ...], audience: tuple[str, ...]
    ) -> Mapping[str, Mapping[str, int]]:
        """See Engine."""
        known = self._open().values.setdefault((kinds, audience), {})
        if missing := tuple(facet for facet in facets if facet not in known):
            plan = Plan(audience=audience, kinds=kinds, counted=missing, size=1)
            known.update(self.search(plan).counts)
        return {facet: known[facet] for facet in facets}

    def document(self, id: int) -> Match | None:
        """See Engine."""
        opened = self._open()
        with reading():
            hits = opened.searcher.search(self._compiler.of_ids([id]), 1).hits
            return _match(opened.searcher, *hits[0]) if hits else None

    def digests(self) -> Mapping[int, int]:
        """See Engine."""
        searcher = self._open().searcher
        with reading():
            limit = max(searcher.num_docs, 1)
            places = [place for _, place in searcher.search(Query.all_query(), limit).hits]
            ids = searcher.fast_field_values("id", places)
            digests = searcher.fast_field_values("digest", places)
        return {int(id or 0): int(of or 0) for id, of in zip(ids, digests, strict=True)}

    @contextmanager
    def writing(self, timeout: float = 0.0) -> Iterator[Writer]:
        """See Engine."""
        with writing(self._keeper(), timeout) as writer:
            yield writer

    def rebuilding(self) -> AbstractContextManager[Builder]:
        """See Engine."""
        return building(self._keeper())

    def _keeper(self) -> Keeper:
        return Keeper(self._folder, self._slots, self._fingerprint, self._fewest_documents)

    def whereabouts(self) -> Mapping[str, str]:
        """See Engine."""
        marker = self._folder.read()
        megabytes = self._folder.size() / 1_000_000
        return {
            "folder": str(self._folder.path_of(marker.generation)),
            "size": f"{megabytes:.1f} MB",
        }

    def _open(self) -> _Opened:
        """The latest state of the index, opened anew where any process has changed it."""
        opened = self._opened
        if opened is not None and opened.stamp == self._folder.stamp():
            return opened
        with self._opening:
            try:
                self._opened = self._reopen()
            except IndexUnusable:
                self._opened = None
                raise
            return self._opened

    def _reopen(self, attempts: int = 3) -> _Opened:
        stamp, marker = self._folder.stamp(), self._folder.read()
        if marker.fingerprint != self._fingerprint:
            raise IndexUnusable("The search index was made by another version of the site.")
        try:
            with reading():
                index = tantivy.Index.open(str(self._folder.path_of(marker.generation)))
                index.config_reader("manual")
                index.reload()
                searcher = index.searcher()
        except IndexUnusable:
            # A rebuild may have removed this generation between the marker and the files.
            if attempts > 1 and stamp != self._folder.stamp():
                return self._reopen(attempts - 1)
            raise
        generation = self._generation_of(marker)
        view = View(searcher, self._compiler, marker.forgotten, tuple(marker.changed))
        broad = Broad(view, generation)
        return _Opened(stamp or (0, 0), marker, index, searcher, generation, broad)

    def _generation_of(self, marker: Marker) -> Generation:
        """What is known of the generation already, as long as its bitmaps are the same."""
        before = self._opened
        named = (marker.generation, marker.bitmaps)
        if before and (before.marker.generation, before.marker.bitmaps) == named:
            return before.generation
        return Generation(store.open_in(self._folder.path_of(marker.generation), marker.bitmaps))


def _window(
    searcher: tantivy.Searcher, query: Query, plan: Plan, few: int = 0
) -> tuple[int, _Hits]:
    """The total and the hits from `start` on, in the plan's exact order.

    `few` is the total where it is known to be small, so that all are looked at together.
    """
    end = plan.start + plan.size
    if plan.order in ORDERS:
        column, direction = ORDERS[plan.order]
        result = searcher.search(
            query, max(plan.size, 1), offset=plan.start, order_by_field=column, order=direction
        )
        return _total(result), [(0.0, place) for _, place in result.hits][: plan.size]
    result = searcher.search(query, max(end, few, 1))
    total, hits = _total(result), result.hits
    while len(hits) < total and end > 0 and hits[-1][0] == hits[end - 1][0]:
        # The window ends among equals: fetch on, to the first that is not, then sort them.
        more = total if total <= _SOON_LOOKED_AT else min(len(hits) * 4, total)
        hits = searcher.search(query, more, count=False).hits
    ids = searcher.fast_field_values("id", [place for _, place in hits])
    order = sorted(range(len(hits)), key=lambda at: (-hits[at][0], ids[at]))
    return total, [hits[at] for at in order[plan.start : end]]


def _total(result: Any) -> int:
    """How many were found in all, which tantivy's type stubs leave out."""
    return result.count


def _match(searcher: tantivy.Searcher, score: float, place: tantivy.DocAddress) -> Match:
    return schema.from_index(searcher.doc(place)["stored"][0], score)
