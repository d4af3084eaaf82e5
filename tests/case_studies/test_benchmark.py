"""The benchmark compares before it times: both searches agree on generated data, or it fails."""

from __future__ import annotations

import pytest

from case_studies.benchmark import baseline, corpus, measuring, pages
from case_studies.benchmark.questions import questions
from search import analysis, sync

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(search_index) -> corpus.Vocabulary:
    words = corpus.Vocabulary()
    words.rare = words.rare[:10]  # each is in some title, so that no spelling is forgiven
    pages.make(120, words, lambda made: None)
    baseline.index()
    sync.rebuild()
    return words


def test_both_searches_agree_on_every_question(words):
    for question in questions(words):
        took = measuring.timing([question], rounds=1, rounds_of_baseline=1)
        assert took.ours > 0
        assert took.theirs > 0
    browse = baseline.search("", {})
    assert browse.total == 120
    assert len(browse.counts) == 10


def test_a_difference_in_one_count_stops_it(words, monkeypatch):
    real = baseline.search("", {})
    counts = {**real.counts, "region": {**real.counts["region"], "london": 10_000}}
    monkeypatch.setattr(baseline, "search", lambda *_: baseline.Found(real.total, real.ids, counts))
    browse = [question for question in questions(words) if question.kind == "browse"][:1]
    with pytest.raises(measuring.AnswersDiffer, match="region"):
        measuring.timing(browse)


def test_invented_words_are_read_as_they_are_written():
    words = corpus.Vocabulary()
    every = [*words.heavy, *words.medium, *words.rare, *words.text]
    assert len(set(every)) == len(every)
    assert all(analysis.token(word) == word for word in every)
