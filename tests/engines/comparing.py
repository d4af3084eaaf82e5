"""Says where the answers of engines differ from the brute-force oracle's."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from search.engines.protocol import Answer, Engine
from search.plan import Plan
from tests.engines.oracle import Oracle

# Scores this close, as a share, may stand either way round.
NEAR = 1e-3


def compare(plan: Plan, engines: Mapping[str, Engine], oracle: Oracle) -> list[str]:
    """What differs from the oracle in totals, counts, ids or order: a line an engine."""
    total, counts, ranking = oracle.total(plan), oracle.counts(plan), oracle.ranking(plan)
    differing = []
    for name, engine in engines.items():
        answer = engine.search(plan)
        same = (answer.total, answer.counts) == (total, counts) and in_order(answer, plan, ranking)
        if not same or engine.count(plan) != total:
            differing.append(f"{name}: {plan}")
    return differing


def in_order(answer: Answer, plan: Plan, ranking: list[tuple[int, float]]) -> bool:
    """Whether each hit is the oracle's, or one whose score differs from it by next to nothing."""
    wanted, scores = ranking[plan.start : plan.start + plan.size], dict(ranking)
    found = [match.id for match in answer.matches]
    if len(found) != len(wanted) or len(set(found)) != len(found):
        return False
    if plan.order != "score":
        return found == [id for id, _ in wanted]
    return all(
        id == other or scores.get(id) == pytest.approx(score, rel=NEAR)
        for id, (other, score) in zip(found, wanted, strict=True)
    )
