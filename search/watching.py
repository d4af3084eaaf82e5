"""Tells those who watch the site how search is: each index of this machine, and who answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from learning_hub.operations import metrics, readiness
from learning_hub.operations.readiness import Finding
from search.engines import answering, roles, selection
from search.engines.protocol import Engine, EngineUnavailable, IndexUnusable
from search.models import JournalPosition, SearchChange


@dataclass(frozen=True)
class Standing:
    """How one index is now. Without a `problem` it is of this database, and lacks `changes`.

    `waiting_since` is when the first of them was noted.
    """

    engine: str
    number: int = 0
    changes: int = 0
    waiting_since: datetime | None = None
    is_reachable: bool = True
    belongs: bool = False
    problem: str = ""

    @property
    def seconds(self) -> float:
        """How long the first change that it lacks has been waiting."""
        if self.waiting_since is None:
            return 0.0
        return max((timezone.now() - self.waiting_since).total_seconds(), 0.0)

    @property
    def sentence(self) -> str:
        """It in words."""
        if self.problem:
            return self.problem
        if not self.changes:
            return "It holds every change."
        return f"It lacks {self.changes:,} changes, the first for {self.seconds:.0f} seconds."

    def facts(self) -> dict[str, Any]:
        """It in numbers."""
        return {
            "engine": self.engine,
            "reachable": self.is_reachable,
            "belongs_to_this_database": self.belongs,
            "lag_changes": self.changes,
            "lag_seconds": round(self.seconds, 1),
        }


def standing(engine: Engine, position: JournalPosition) -> Standing:
    """How the index of `engine` is, asked of itself. Two queries where it lags, none else."""
    try:
        state = engine.state(at_least=roles.LOOK_AGAIN)
    except EngineUnavailable as problem:
        return Standing(engine.name, is_reachable=False, problem=f"It cannot be used: {problem}")
    except IndexUnusable as problem:
        return Standing(engine.name, problem=str(problem))
    if state.history != str(position.history) or state.sequence > position.number:
        other = "Its index belongs to another state of the database."
        return Standing(engine.name, state.sequence, problem=other)
    if state.sequence == position.number:
        return Standing(engine.name, state.sequence, belongs=True)
    waiting = SearchChange.objects.after(state.sequence)
    since = SearchChange.objects.waiting_since(state.sequence)
    return Standing(engine.name, state.sequence, waiting.count(), since, belongs=True)


def register() -> None:
    """Have search asked how it is, wherever the site is asked."""
    readiness.register_check("search", _search)
    readiness.register_check("stand_in", _stand_in)
    metrics.register_reading(_numbers)


def breaker_facts() -> dict[str, Any]:
    """The breaker of this process, in one word, and since when and why it is open."""
    if not roles.has_stand_in():
        return {"breaker": "none"}
    fault = answering.breaker().fault
    if fault is None:
        return {"breaker": "closed"}
    return {"breaker": "open", "cause": fault.cause, "since": fault.since.isoformat()}


def _search() -> Finding:
    found = standing(selection.current_engine(), JournalPosition.current())
    breaker = breaker_facts()
    sentence = found.sentence
    if breaker["breaker"] == "open":
        sentence = f"{sentence} This machine's own index answers visitors instead."
    is_well = not found.problem and breaker["breaker"] != "open"
    return Finding(is_well, sentence, {**found.facts(), **breaker})


def _stand_in() -> Finding:
    if not roles.has_stand_in():
        return Finding(True, "None is needed: the engine that is set is on this machine.")
    found = standing(selection.embedded_engine(), JournalPosition.current())
    return Finding(not found.problem, found.sentence, found.facts())


def _numbers() -> Iterator[GaugeMetricFamily]:
    position = JournalPosition.current()
    yield GaugeMetricFamily(
        "hub_search_journal_number", "The number of the last change.", value=position.number
    )
    families = {
        name: GaugeMetricFamily(f"hub_search_index_{name}", text, labels=["engine"])
        for name, text in (
            ("usable", "1 where the index can be asked and is of this database."),
            ("number", "The number of the last change that the index holds."),
            ("lag_changes", "Changed pages that the index lacks."),
            ("lag_seconds", "How long the first change that it lacks has been waiting."),
        )
    }
    for engine in roles.engines():
        found = standing(engine, position)
        families["usable"].add_metric([engine.name], int(not found.problem))
        if not found.problem:
            families["number"].add_metric([engine.name], found.number)
            families["lag_changes"].add_metric([engine.name], found.changes)
            families["lag_seconds"].add_metric([engine.name], found.seconds)
    yield from families.values()
