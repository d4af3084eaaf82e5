"""Times what a benchmark asks, and compares every answer before its time counts."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from case_studies.benchmark import baseline
from case_studies.benchmark.questions import Question
from case_studies.facets import library
from case_studies.models import CaseStudyPage
from learning_hub.pages.visibility import ANYONE
from learning_hub.taxonomy import vocabulary
from search import query
from search.contract import PAGE_SIZE, SearchRequest
from search.engines.protocol import Answer, Engine
from search.engines.selection import current_engine
from search.interpretation import interpret
from search.plan import Plan
from search.thesaurus import EMPTY

_ROUNDS = 20
_ROUNDS_OF_BASELINE = 3


class AnswersDiffer(Exception):
    """The two searches do not agree on a question, so their times mean nothing."""


@dataclass(frozen=True)
class Timing:
    """The medians of one kind of question, in milliseconds, over so many found on average."""

    found: int
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.theirs / self.ours


@dataclass(frozen=True)
class Requests:
    """What whole requests of a fresh process took."""

    milliseconds: float
    queries: int
    megabytes: float


def timing(
    questions: Sequence[Question],
    rounds: int = _ROUNDS,
    rounds_of_baseline: int = _ROUNDS_OF_BASELINE,
) -> Timing:
    """Time questions of one kind; so many rounds of ours to each of theirs.

    Raises AnswersDiffer.
    """
    ours: list[float] = []
    theirs: list[float] = []
    found = 0
    engine = current_engine()
    for question in questions:
        plan = plan_of(question)
        wanted = baseline.search(question.text, question.selections)
        _compare(question, engine.search(plan), wanted)
        found += wanted.total
        for _ in range(rounds_of_baseline):  # in turns, so that both meet the machine as it is
            theirs += _times(partial(baseline.search, question.text, question.selections), 1)
            ours += _times(partial(engine.search, plan), rounds)
    return Timing(found // len(questions), median(ours) * 1_000, median(theirs) * 1_000)


def plan_of(question: Question, sort: str = "newest", engine: Engine | None = None) -> Plan:
    """The plan of the question's first page with all counts, newest first."""
    kept = vocabulary.current()
    request = SearchRequest(
        text=question.text,
        selections={key: tuple(values) for key, values in question.selections.items()},
        sort=sort,
        page_size=PAGE_SIZE,
        visitor=ANYONE,
    )
    asked = interpret(question.text, EMPTY, engine or current_engine())
    return query.plan_for(library(lambda: kept), request, asked)


def requests(addresses: Sequence[str]) -> Requests:
    """Ask this process for pages of the library, and see what they take."""
    client = Client(HTTP_HOST="localhost")
    most = 0
    for address in addresses:
        _page(client, address)
        with CaptureQueriesContext(connection) as queries:
            _page(client, address)
        most = max(most, len(queries))
    times = [took for address in addresses for took in _times(partial(_page, client, address), 10)]
    return Requests(median(times) * 1_000, most, megabytes())


def seconds_until_found(study: CaseStudyPage, word: str) -> float:
    """Publish `study` with a new word in its title and wait until a search finds it."""
    started = time.perf_counter()
    study.title = f"{study.title} {word}"
    study.save_revision().publish()
    kept = vocabulary.current()
    while not query.run(library(lambda: kept), SearchRequest(text=word)).total:
        time.sleep(0.01)
    return time.perf_counter() - started


def megabytes() -> float:
    """The memory that this process has now, or (where the system does not say) had at most."""
    status = Path("/proc/self/status")
    if status.exists():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(fields["VmRSS"].split()[0]) / 1_000
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _compare(question: Question, ours: Answer, theirs: baseline.Found) -> None:
    ids = tuple(match.id for match in ours.matches)
    differing = [
        key for key, counts in theirs.counts.items() if dict(counts) != dict(ours.counts[key])
    ]
    if ours.total != theirs.total or ids != theirs.ids or differing:
        raise AnswersDiffer(
            f"{question}: {ours.total} and {theirs.total} found, facets that differ: {differing}"
        )


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise AnswersDiffer(f"{address} answered {response.status_code}.")


def _times(action: Callable[[], object], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return times


def addresses(questions: Sequence[Question]) -> list[str]:
    """The library's addresses of these questions."""
    return [_address(question.text, question.selections) for question in questions]


def _address(text: str, selections: Mapping[str, Sequence[str]]) -> str:
    pairs = [f"q={text.replace(' ', '+')}"] if text else []
    pairs += [f"{key}={value}" for key, values in selections.items() for value in values]
    return f"/case-studies/?{'&'.join(pairs)}"
