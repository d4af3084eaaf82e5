"""Finds pages like one page: by the terms that they share, the rare ones most, and by words."""

from __future__ import annotations

import math
from collections.abc import Iterator

from learning_hub.pages.visibility import ANYONE, Visitor
from search import analysis, sync
from search.contract import Collection
from search.engines.answering import ask
from search.engines.protocol import Engine, IndexUnusable, Match
from search.models import JournalPosition
from search.plan import Alternative, Clause, Plan, Preference

_MOST_WORDS = 12
_WEIGHT_OF_WORD = 0.25


def related_to(
    page_id: int, collection: Collection, visitor: Visitor = ANYONE, most: int = 3
) -> list[int]:
    """The ids of at most so many other pages of the collection, the most alike first."""
    position = JournalPosition.current()

    def work(engine: Engine) -> list[int]:
        sync.ensure_current(position, engine)
        page = engine.document(page_id)
        if page is None:
            return []
        preferences = tuple(_preferences(page, collection, visitor, engine))
        plan = Plan(
            audience=visitor.tokens,
            clauses=_words(page),
            preferences=preferences,
            kinds=collection.kinds,
            excluded_ids=(page_id,),
            size=most,
        )
        return [match.id for match in engine.search(plan).matches if match.score > 0]

    try:
        return ask(work, "related")
    except IndexUnusable:
        return []


def _preferences(
    page: Match, collection: Collection, visitor: Visitor, engine: Engine
) -> Iterator[Preference]:
    # A year is no subject.
    subjects = [facet.key for facet in collection.facets if facet.values is not None]
    for key, held in engine.values(subjects, collection.kinds, visitor.tokens).items():
        most = max(held.values(), default=0)
        for value in page.facets.get(key, ()):
            if value in held:
                yield Preference(key, value, math.log(1 + most / held[value]))


def _words(page: Match) -> tuple[Clause, ...]:
    tokens = {
        word.token: None
        for word in analysis.words(f"{page.title} {page.summary}")
        if not analysis.is_stop_word(word.surface)
    }
    return tuple(
        Clause((Alternative((token,)),), weight=_WEIGHT_OF_WORD)
        for token in list(tokens)[:_MOST_WORDS]
    )
