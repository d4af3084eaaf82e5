"""Measures one engine at one size: how long it takes to fill, to ask, and to show an edit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from statistics import median, quantiles

from case_studies.benchmark import documents
from case_studies.benchmark.corpus import Vocabulary
from case_studies.benchmark.measuring import plan_of
from case_studies.benchmark.questions import Question
from search.contract import SearchDocument
from search.engines.protocol import Engine
from search.plan import Alternative, Clause, Plan

ROUNDS = 15
_HISTORY = "benchmark"
_NEW_WORD = "zzyzx"
_TOLD_EVERY = 20_000
Progress = Callable[[str], None]
Bare = Callable[[Plan], object]


@dataclass(frozen=True)
class Filled:
    """How long an index took to be made, and to show one edit; `size` in words."""

    documents: int
    seconds: float
    size: str
    edit_seconds: float


@dataclass(frozen=True)
class Times:
    """Milliseconds of one kind of question, asked for the first time (cold) and again (warm).

    `found` is how many documents answered on average. `bare` is the median of the same bodies
    sent by the official client alone, where there is one.
    """

    kind: str
    found: int
    cold: float
    warm: float
    most: float
    bare: float | None = None


def fill(engine: Engine, number: int, words: Vocabulary, tell: Progress) -> Filled:
    """Fill the engine with `number` documents and change one of them."""
    started, made = time.monotonic(), 0
    with engine.rebuilding() as builder:
        for batch in documents.batches(number, words):
            builder.replace([], batch)
            made += len(batch)
            if made % _TOLD_EVERY == 0:
                tell(f"  {made:,} documents, {made / (time.monotonic() - started):,.0f} a second")
        builder.commit(1, _HISTORY)
        with builder.switching():
            pass
    seconds = time.monotonic() - started
    size = engine.whereabouts()["size"]
    document = next(iter(documents.batches(1, words)))[0]
    return Filled(number, seconds, size, _edit(engine, document))


def _edit(engine: Engine, document: SearchDocument) -> float:
    """The seconds from a change to the first search that finds it."""
    engine.search(Plan(audience=tuple(document.audience)))
    changed = replace(document, title=f"{document.title} {_NEW_WORD}")
    word = Clause((Alternative((_NEW_WORD,)),))
    sought = Plan(audience=tuple(document.audience), clauses=(word,), minimum=1)
    started = time.perf_counter()
    with engine.writing(10.0) as writer:
        writer.replace([document.id], [changed])
        writer.commit(2, _HISTORY)
    while not engine.search(sought).total:
        time.sleep(0.001)
    return time.perf_counter() - started


def ask(
    engine: Engine, asked: Sequence[Question], sort: str, rounds: int, bare: Bare | None = None
) -> list[Times]:
    """The times of every kind, each question once and then `rounds` times over."""
    engine.search(plan_of(Question("first", "", {}), sort, engine))
    kinds = groupby(asked, key=lambda question: question.kind)
    return [
        _times(kind, [plan_of(question, sort, engine) for question in group], engine, rounds, bare)
        for kind, group in kinds
    ]


def _times(
    kind: str, plans: Iterable[Plan], engine: Engine, rounds: int, bare: Bare | None
) -> Times:
    cold, warm, alone, found = [], [], [], []
    for plan in plans:
        cold.append(_milliseconds(partial(engine.search, plan)))
        found.append(engine.search(plan).total)
        for _ in range(rounds):  # in turns, so that both meet the machine as it is
            warm.append(_milliseconds(partial(engine.search, plan)))
            if bare:
                alone.append(_milliseconds(partial(bare, plan)))
    return Times(
        kind,
        found=sum(found) // len(found),
        cold=median(cold),
        warm=median(warm),
        most=quantiles(warm, n=20)[-1],
        bare=median(alone) if alone else None,
    )


def _milliseconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1_000
