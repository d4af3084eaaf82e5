"""Completes what a visitor types: values of facets, titles that she may see, words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from learning_hub.pages.visibility import ANYONE, Visitor
from search import analysis, sync
from search.contract import Collection, SearchRequest
from search.engines.answering import ask
from search.engines.protocol import Engine, IndexUnusable
from search.models import JournalPosition
from search.plan import Plan
from search.query import values_of
from search.request import query_string, toggled, with_text

MOST = 8
_MOST_FACET_VALUES = 3
_MOST_TITLES = 4
_SHORTEST = 2
_LONGEST = 100


@dataclass(frozen=True)
class Suggestion:
    """One way to go on. `kind` is "facet", "title" or "word"; `detail` names the facet.

    `query` is the address of that search after its path; a title has its page's id too.
    """

    kind: str
    label: str
    query: str
    detail: str = ""
    page_id: int | None = None


def suggest(
    collection: Collection, text: str, visitor: Visitor = ANYONE, most: int = MOST
) -> list[Suggestion]:
    """At most so many ways to go on from `text`, none for fewer than two letters.

    Says nothing of what the visitor may not see: words come from what everyone may see, titles
    and values from what she may.
    """
    text = " ".join(analysis.clean(text[:_LONGEST]).split())
    typed = [word.surface for word in analysis.words(text)]
    if not typed or len(typed[-1]) < _SHORTEST:
        return []
    position = JournalPosition.current()

    def work(engine: Engine) -> list[Suggestion]:
        sync.ensure_current(position, engine)
        facets = islice(_facet_values(collection, typed, visitor, engine), _MOST_FACET_VALUES)
        titles = _titles(collection, typed, visitor, engine)
        found = [*facets, *titles]
        return [*found, *islice(_words(collection, text, engine), max(most - len(found), 0))][:most]

    try:
        return ask(work, "suggestions")
    except IndexUnusable:
        return []


def _facet_values(
    collection: Collection, typed: Sequence[str], visitor: Visitor, engine: Engine
) -> Iterator[Suggestion]:
    everything = SearchRequest(visitor=visitor)
    keys = [facet.key for facet in collection.facets]
    found = engine.values(keys, collection.kinds, visitor.tokens)
    for facet in collection.facets:
        held = found[facet.key]
        for value in values_of(facet, collection, visitor.tokens, engine):
            if value.value in held and _begins(value.label, typed):
                chosen = toggled(everything, facet.key, value.value)
                query = query_string(collection, chosen)
                yield Suggestion("facet", value.label, query, detail=facet.label)


def _begins(label: str, typed: Sequence[str]) -> bool:
    """Whether each typed word begins a word of the label."""
    words = [word.surface for word in analysis.words(analysis.clean(label))]
    return all(any(word.startswith(beginning) for word in words) for beginning in typed)


def _titles(
    collection: Collection, typed: Sequence[str], visitor: Visitor, engine: Engine
) -> Iterator[Suggestion]:
    plan = Plan(visitor.tokens, kinds=collection.kinds, order="title", size=_MOST_TITLES)
    for match in engine.titled(typed, plan):
        query = query_string(collection, with_text(SearchRequest(), match.title))
        yield Suggestion("title", match.title, query, page_id=match.id)


def _words(collection: Collection, text: str, engine: Engine) -> Iterator[Suggestion]:
    last = list(analysis.words(text))[-1]
    found = engine.words(last.surface)
    for word in sorted(found, key=lambda word: (-found[word], word)):
        if word != last.surface:
            completed = text[: last.start] + word
            query = query_string(collection, with_text(SearchRequest(), completed))
            yield Suggestion("word", completed, query)
