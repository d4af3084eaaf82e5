"""Any plan over generated documents is answered the same by every engine and by the oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines import corpus
from tests.engines.comparing import compare
from tests.engines.makers import ENGINES
from tests.engines.oracle import Oracle
from tests.engines.test_contract import fill

CORPORA = {10: 60, 11: 150, 12: 300, 13: 450, 14: 600}
PLANS_A_CORPUS = 400

pytestmark = pytest.mark.slow


@pytest.fixture(params=CORPORA)
def answering(request: pytest.FixtureRequest, tmp_path: Path):
    documents = corpus.documents(request.param, CORPORA[request.param])
    engines = {
        name: fill(make(request, tmp_path / name), documents) for name, make in ENGINES.items()
    }
    return request.param, engines, Oracle(documents)


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
