"""Runs a search: from a visitor's request to what the page, the feed and the API show."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from learning_hub.once import once_a_visit
from search import sync
from search.contract import (
    Collection,
    Facet,
    FacetResult,
    FacetRow,
    Hit,
    Loosening,
    SearchRequest,
    SearchResults,
    Sort,
    Value,
)
from search.engines import roles
from search.engines import selection as engines
from search.engines.answering import ask, breaker
from search.engines.protocol import Answer, Engine, IndexUnusable
from search.highlights import Marker
from search.interpretation import Interpretation, interpret
from search.models import JournalPosition
from search.plan import Plan
from search.sentence import Labels, selection, sentence
from search.synonyms import thesaurus
from search.thesaurus import Thesaurus

logger = logging.getLogger(__name__)
UNAVAILABLE = "Search is not available just now. Please try again in a minute."
_SPARE = "Our main search is not answering just now, so a spare copy answered instead."
STANDING_IN = f"{_SPARE} Its results are up to date."
MAY_BE_BEHIND = f"{_SPARE} Its results may be a few minutes behind."
ABOUT_THE_ENGINE = frozenset({UNAVAILABLE, STANDING_IN, MAY_BE_BEHIND})
Vocabulary = Mapping[str, Sequence[Value]]
# What a visitor may do, and the request and the plan that do it.
_Way = tuple[str, SearchRequest, Plan]


def run(collection: Collection, request: SearchRequest) -> SearchResults:
    """Answer `request`. Never raises for what an index does: it then finds nothing and says so.

    One query a visit for the journal's position; others only after a change of pages or synonyms.
    """
    position = once_a_visit("journal", JournalPosition.current)

    def work(engine: Engine) -> SearchResults:
        is_current = sync.ensure_current(position, engine)
        results = answered(collection, request, engine, thesaurus(position))
        said = _who_answered(engine, is_current)
        return replace(results, notices=(*said, *results.notices)) if said else results

    try:
        return ask(work)
    except IndexUnusable as problem:
        logger.warning("Search cannot answer: %s", problem)
        return _nothing(collection, request, engines.current_engine())


def _who_answered(engine: Engine, is_current: bool) -> tuple[str, ...]:
    """What to say where the stand-in answers for a server that cannot.

    Nothing where the server is well, and only lacks the last change for a moment.
    """
    if not roles.is_stand_in(engine) or breaker().fault is None:
        return ()
    return (STANDING_IN if is_current else MAY_BE_BEHIND,)


def plan_for(
    collection: Collection, request: SearchRequest, interpretation: Interpretation
) -> Plan:
    """The plan of one page of results with all counts."""
    return Plan(
        audience=request.visitor.tokens,
        clauses=interpretation.clauses,
        minimum=interpretation.minimum,
        filters=request.selections,
        kinds=collection.kinds,
        counted=tuple(facet.key for facet in collection.facets),
        order=_order(collection, request, bool(interpretation.clauses)),
        start=(request.page - 1) * request.page_size,
        size=request.page_size,
    )


def answered(
    collection: Collection, request: SearchRequest, engine: Engine, words: Thesaurus
) -> SearchResults:
    """What `engine` answers. Raises IndexUnusable. `words` are the synonyms to read with."""
    asked = interpret(request.text, words, engine)
    notices: tuple[str, ...] = ()
    if request.text and not asked.clauses:
        notices = (f"“{request.text}” has no words to search for, so it was left out.",)
        request = replace(request, text="")
    plan = plan_for(collection, request, asked)
    answer = engine.search(plan)
    pages = max(-(-answer.total // request.page_size), 1)
    if request.page > pages:
        notices = (*notices, _no_such_page(request.page, pages))
        request = replace(request, page=pages)
        plan = plan_for(collection, request, asked)
        answer = engine.search(plan)
    vocabulary = _vocabulary(collection, request, engine)
    labels = _labels(request, vocabulary)
    return SearchResults(
        request=request,
        total=answer.total,
        pages=pages,
        hits=_hits(answer, plan),
        facets=_facets(collection, request, vocabulary, answer),
        sentence=sentence(collection, request, answer.total, labels),
        engine=engine.name,
        suggestion=asked.suggestion,
        loosenings=()
        if answer.total
        else tuple(_loosenings(collection, plan, request, engine, labels)),
        notices=notices,
    )


def _order(collection: Collection, request: SearchRequest, has_words: bool) -> str:
    chosen: Sort | None = next(
        (sort for sort in collection.sorts if sort.key == request.sort), None
    )
    order = chosen.field if chosen else "score"
    # Without words nothing matches better than another, so the newest come first.
    return order if has_words or order != "score" else "published"


def _vocabulary(collection: Collection, request: SearchRequest, engine: Engine) -> Vocabulary:
    return {
        facet.key: values_of(facet, collection, request.visitor.tokens, engine)
        for facet in collection.facets
    }


def values_of(
    facet: Facet, collection: Collection, audience: tuple[str, ...], engine: Engine
) -> Sequence[Value]:
    """A facet's values: its vocabulary's, or what visible documents hold, highest first."""
    if facet.values is not None:
        return facet.values()
    held = engine.values([facet.key], collection.kinds, audience)[facet.key]
    return [Value(value, value) for value in sorted(held, reverse=True)]


def _labels(request: SearchRequest, vocabulary: Vocabulary) -> Labels:
    return {
        key: [
            value.spoken or value.label
            for value in vocabulary.get(key, ())
            if value.value in chosen
        ]
        for key, chosen in request.selections.items()
    }


def _hits(answer: Answer, plan: Plan) -> tuple[Hit, ...]:
    marker = Marker(plan.tokens)
    return tuple(
        Hit(
            match.id,
            match.kind,
            match.score,
            marker.title(match),
            marker.excerpt(match),
            match.facets,
        )
        for match in answer.matches
    )


def _facets(
    collection: Collection, request: SearchRequest, vocabulary: Vocabulary, answer: Answer
) -> tuple[FacetResult, ...]:
    return tuple(
        FacetResult(
            facet.key,
            facet.label,
            tuple(
                FacetRow(
                    value.value,
                    value.label,
                    answer.counts.get(facet.key, {}).get(value.value, 0),
                    value.value in request.selections.get(facet.key, ()),
                    value.group,
                )
                for value in vocabulary[facet.key]
            ),
        )
        for facet in collection.facets
    )


def _loosenings(
    collection: Collection, plan: Plan, request: SearchRequest, engine: Engine, labels: Labels
) -> Iterator[Loosening]:
    """What to take away so that something is found, the most promising first."""
    ways: list[_Way] = [
        (
            f"Take away {selection(collection, key, labels)}",
            replace(request, selections=_without(request.selections, key), page=1),
            replace(plan, filters=_without(plan.filters, key)),
        )
        for key in request.selections
    ]
    if request.text and request.selections:
        ways.append(
            (
                f"Take away the words “{request.text}”",
                replace(request, text="", page=1),
                replace(plan, clauses=(), minimum=0),
            )
        )
    found = _counted(ways, engine)
    # With three parts or more, it can take more than one to be taken away.
    yield from found or _counted(_ways_to_keep_one(collection, plan, request, labels), engine)


def _ways_to_keep_one(
    collection: Collection, plan: Plan, request: SearchRequest, labels: Labels
) -> Iterator[_Way]:
    for key, values in request.selections.items():
        yield (
            f"Keep only {selection(collection, key, labels)}",
            replace(request, text="", selections={key: values}, page=1),
            replace(plan, clauses=(), minimum=0, filters={key: values}),
        )
    if request.text:
        yield (
            f"Keep only the words “{request.text}”",
            replace(request, selections={}, page=1),
            replace(plan, filters={}),
        )


def _counted(ways: Iterable[_Way], engine: Engine) -> list[Loosening]:
    """Those of `ways` that find something, the most promising first."""
    counted = (Loosening(label, loosened, engine.count(plan)) for label, loosened, plan in ways)
    return sorted((way for way in counted if way.total), key=lambda way: -way.total)


def _without(selections: Mapping[str, tuple[str, ...]], key: str) -> dict[str, tuple[str, ...]]:
    return {other: values for other, values in selections.items() if other != key}


def _no_such_page(page: int, pages: int) -> str:
    last = "There is only one page" if pages == 1 else f"There are only {pages} pages"
    return f"{last} of results, so page {page} is not there. You are on page {pages}."


def _nothing(collection: Collection, request: SearchRequest, engine: Engine) -> SearchResults:
    vocabulary = {facet.key: facet.values() if facet.values else () for facet in collection.facets}
    return SearchResults(
        request=replace(request, page=1),
        total=0,
        pages=1,
        hits=(),
        facets=_facets(collection, request, vocabulary, Answer(0, (), {})),
        sentence=sentence(collection, request, 0, _labels(request, vocabulary)),
        engine=engine.name,
        notices=(UNAVAILABLE,),
    )
