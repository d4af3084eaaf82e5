"""Which new studies match a filter: one search for all alerts that ask the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

from django.db.models.functions import Coalesce

from case_studies import facets
from case_studies.alerts.filters import request_of
from case_studies.models import CaseStudyPage
from learning_hub.pages.visibility import Visitor
from learning_hub.taxonomy import vocabulary
from search import sync
from search.contract import Collection, SearchRequest
from search.engines.answering import ask
from search.engines.protocol import Engine
from search.interpretation import interpret
from search.models import JournalPosition
from search.query import plan_for
from search.synonyms import thesaurus
from search.thesaurus import Thesaurus

_AT_ONCE = 100


@dataclass(frozen=True)
class Published:
    """A study that may be new to somebody: its translation key, and since when it is published."""

    key: UUID
    at: dt.datetime


@dataclass(frozen=True)
class Matcher:
    """Searches among `recent` studies (by page id), as search stood when it was made."""

    recent: Mapping[int, Published]
    collection: Collection
    position: JournalPosition
    words: Thesaurus

    def matches(self, query: str, visitor: Visitor) -> list[Published]:
        """The recent studies that the stored filter finds for `visitor`, newest first.

        One search for each hundred that it finds. Raises IndexUnusable.
        """
        request = replace(request_of(query, self.collection, visitor), page_size=_AT_ONCE)
        return ask(lambda engine: self._found(request, engine), "alerts")

    def _found(self, request: SearchRequest, engine: Engine) -> list[Published]:
        sync.ensure_current(self.position, engine)
        interpretation = interpret(request.text, self.words, engine)
        plan = replace(plan_for(self.collection, request, interpretation), counted=())
        found: list[Published] = []
        while True:
            hits = engine.search(plan).matches
            found += self._recent(hit.id for hit in hits)
            # They come newest first: behind one that is not recent, none is.
            if len(hits) < _AT_ONCE or hits[-1].id not in self.recent:
                return found
            plan = replace(plan, start=plan.start + _AT_ONCE)

    def _recent(self, ids: Iterator[int]) -> Iterator[Published]:
        return (self.recent[id] for id in ids if id in self.recent)


def matcher(since: dt.datetime) -> Matcher:
    """Searches among the studies that were first published at or after `since`.

    Brings the index up to the journal first. Raises IndexUnusable.
    """
    position = JournalPosition.current()
    ask(lambda engine: sync.ensure_current(position, engine), "alerts")
    return Matcher(
        recent=_published(since),
        collection=facets.library(cache(vocabulary.current)),
        position=position,
        words=thesaurus(position),
    )


def _published(since: dt.datetime) -> dict[int, Published]:
    moment = Coalesce("first_published_at", "last_published_at")
    rows = CaseStudyPage.objects.live().annotate(moment=moment).filter(moment__gte=since)
    return {
        pk: Published(key, at)
        for pk, key, at in rows.values_list("pk", "translation_key", "moment")
    }
