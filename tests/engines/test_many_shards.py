"""An index in several parts answers as one: one rarity for all, and ties by id."""

from __future__ import annotations

from dataclasses import replace

import pytest

from search.engines.elasticsearch.engine import ElasticsearchEngine
from tests.engines import corpus
from tests.engines.oracle import Oracle
from tests.engines.test_contract import fill
from tests.engines.test_same_answers import compare


@pytest.mark.slow
def test_an_index_of_three_shards_answers_like_the_oracle(address):
    documents = corpus.documents(20, 120)
    engine = ElasticsearchEngine(replace(address, shards=3), corpus.SLOTS)
    fill(engine, documents)
    plans = [corpus.plan(90_000 + number) for number in range(60)]
    oracle = Oracle(documents)
    assert [found for plan in plans for found in compare(plan, {"three": engine}, oracle)] == []
