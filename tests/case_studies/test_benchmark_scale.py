"""The benchmark of growth: the same documents each time, realistic shares, and honest limits."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from itertools import islice

import pytest

from case_studies.benchmark import corpus, documents, pages, scaling
from case_studies.benchmark.questions import many_questions
from case_studies.management.commands import benchmark_scale
from case_studies.models import CaseStudyPage
from search import registry
from search.engines.embedded.engine import EmbeddedEngine

pytestmark = pytest.mark.django_db


@pytest.fixture
def words() -> corpus.Vocabulary:
    return corpus.Vocabulary()


def test_documents_are_the_same_for_the_same_seed(words):
    first = list(documents.stream(40, words))
    assert first == list(documents.stream(40, words))
    assert first[:10] == list(documents.stream(10, words))
    other = [draft.title for draft in islice(corpus.drafts(words, seed=2), 40)]
    assert other != [document.title for document in first]


def test_some_terms_are_far_more_usual_than_others(words):
    held = Counter(
        value for document in documents.stream(1_500, words) for value in document.facets["region"]
    )
    shares = [number for _, number in held.most_common()]
    assert shares[0] > 3 * shares[len(shares) // 2]
    assert len(shares) > 5


def test_documents_are_of_several_kinds_and_for_several_audiences(words):
    made = list(documents.stream(300, words))
    assert len({document.kind for document in made}) == 2
    assert len({document.audience for document in made}) == 4
    groups = [document for document in made if len(document.facets["specialty"]) > 1]
    assert groups


def test_pages_and_documents_are_drawn_alike(words, search_index):
    pages.make(12, words, lambda made: None)
    titles = CaseStudyPage.objects.order_by("path").values_list("title", flat=True)
    assert list(titles) == [document.title for document in documents.stream(12, words)]


def test_every_kind_of_question_is_asked_of_a_filled_engine(tmp_path, words):
    engine = EmbeddedEngine(tmp_path, registry.slots(), fewest_documents=0)
    told: list[str] = []
    filled = scaling.fill(engine, 400, words, told.append)
    assert filled.documents == 400
    assert filled.edit_seconds > 0
    times = scaling.ask(engine, many_questions(words, number=2), "newest", rounds=2)
    assert [each.kind for each in times] == ["selective", "medium", "heavy", "browse", "rare word"]
    assert next(each for each in times if each.kind == "heavy").found > 100
    assert all(each.most >= each.warm > 0 for each in times)


@pytest.mark.parametrize(
    ("warm", "bare", "missed"), [(3.9, None, 0), (4.1, None, 1), (3.0, 1.9, 1), (3.0, 2.1, 0)]
)
def test_a_limit_that_is_not_kept_is_noted(warm, bare, missed):
    command = benchmark_scale.Command(stdout=StringIO())
    command._missed, command._base = [], {}
    base = scaling.Times("heavy", found=10, cold=1.0, warm=1.0, most=2.0)
    command._show("embedded", benchmark_scale.BASE, "newest", base)
    now = scaling.Times("heavy", found=100, cold=1.0, warm=warm, most=9.0, bare=bare)
    command._show("embedded", 200_000, "newest", now)
    assert len(command._missed) == missed
