"""Two thousand requests are answered the same by every engine and by the brute-force oracle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from search.engines.protocol import Answer, Engine
from search.plan import Plan
from tests.engines import corpus
from tests.engines.makers import ENGINES
from tests.engines.oracle import Oracle
from tests.engines.test_contract import fill

CORPORA = {10: 60, 11: 150, 12: 300, 13: 450, 14: 600}
PLANS_A_CORPUS = 400
# Scores this close, as a share, may stand either way round.
NEAR = 1e-3

pytestmark = pytest.mark.slow


@pytest.fixture(params=CORPORA)
def answering(request: pytest.FixtureRequest, tmp_path: Path):
    documents = corpus.documents(request.param, CORPORA[request.param])
    engines = {
        name: fill(make(request, tmp_path / name), documents) for name, make in ENGINES.items()
    }
    return request.param, engines, Oracle(documents)


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


def compare(plan: Plan, engines: Mapping[str, Engine], oracle: Oracle) -> list[str]:
    """What differs from the oracle."""
    total, counts, ranking = oracle.total(plan), oracle.counts(plan), oracle.ranking(plan)
    differing = []
    for name, engine in engines.items():
        answer = engine.search(plan)
        same = (answer.total, answer.counts) == (total, counts) and in_order(answer, plan, ranking)
        if not same or engine.count(plan) != total:
            differing.append(f"{name}: {plan}")
    return differing


def test_every_engine_answers_like_the_oracle(answering):
    seed, engines, oracle = answering
    plans = [corpus.plan(seed * 10_000 + number) for number in range(PLANS_A_CORPUS)]
    differing = [found for plan in plans for found in compare(plan, engines, oracle)]
    found = sum(oracle.total(plan) > 0 for plan in plans)
    print(
        f"\n{len(plans)} requests to {' and '.join(engines)} over {CORPORA[seed]} documents, "
        f"{found} of them with results: {len(differing)} answers differ from the oracle."
    )
    assert found > PLANS_A_CORPUS / 3
    assert not differing, differing[:3]
