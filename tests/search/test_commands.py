"""The commands of search say what they did, and measure as the definitions say."""

from __future__ import annotations

import json
import math

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from search import relevance, sync
from search.models import Synonym
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db


def said(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    call_command(*command)
    return capsys.readouterr().out


def test_a_rebuild_shows_its_progress(search_index, capsys):
    make_case_study("One")
    out = said(capsys, "rebuild_search")
    # The study, and the list of regions that a migration planted.
    assert "2 of 2 pages (100 %)" in out
    assert "The search index holds 2 documents" in out


def test_the_status_is_told_in_words_and_checked(search_index, capsys):
    study = make_case_study("One")
    with pytest.raises(CommandError, match=r"There is no search index.*rebuild_search"):
        call_command("search_status")
    sync.rebuild()
    out = said(capsys, "search_status", "--check")
    documents = "Documents in the index:   2"
    for line in (search_index.name, documents, "The index equals the database."):
        assert line in out
    type(study).objects.filter(pk=study.pk).update(title="Behind our back")
    with pytest.raises(CommandError, match="1 out of date"):
        call_command("search_status", "--check")
    assert "Mended: 0 documents missing, 0 too many, 1 out of date." in said(
        capsys, "sync_search", "--repair"
    )
    call_command("search_status", "--check")


def test_catching_up_without_an_index_says_what_to_run(search_index):
    with pytest.raises(CommandError, match="rebuild_search"):
        call_command("sync_search")


def test_the_measures_are_those_of_their_definitions():
    judgements = {"a": 3, "b": 2, "c": 0, "d": 1}
    ideal = 3 + 2 / math.log2(3) + 1 / 2
    assert relevance.ndcg(["a", "b", "d"], judgements, 10) == pytest.approx(1)
    assert relevance.ndcg(["c", "b", "a"], judgements, 10) == pytest.approx(
        (2 / math.log2(3) + 3 / 2) / ideal
    )
    assert relevance.ndcg(["b", "a"], judgements, 1) == pytest.approx(2 / 3)
    assert relevance.ndcg([], judgements, 10) == 0
    assert relevance.ndcg(["a"], {}, 10) == 0
    assert relevance.reciprocal_rank(["c", "x", "d"], judgements, 10) == pytest.approx(1 / 3)
    assert relevance.reciprocal_rank(["c", "x", "d"], judgements, 2) == 0
    assert relevance.recall(["a", "x", "d"], judgements, 100) == pytest.approx(2 / 3)
    assert relevance.recall(["a"], {"b": 0}, 100) == 0


def test_a_judged_collection_is_measured_with_what_visitors_run_through(tmp_path, capsys):
    rows = {
        "corpus": [
            {"_id": "d1", "title": "Airway course", "text": "intubation"},
            {"_id": "d2", "title": "Theatre lists", "text": "operating"},
        ],
        "queries": [{"_id": "q1", "text": "airways"}, {"_id": "q2", "text": "not judged"}],
    }
    for name, values in rows.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, values)))
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    assert said(capsys, "evaluate_relevance", str(tmp_path)) == (
        "nDCG@10 1.000\nMRR@10 1.000\nrecall@100 1.000\n"
    )
    (tmp_path / "corpus.jsonl").write_text("{")
    with pytest.raises(CommandError, match="not a collection in BEIR's layout"):
        call_command("evaluate_relevance", str(tmp_path))


def test_synonyms_that_say_nothing_are_refused():
    for words in ("", "one", "simulation\nsimulations", "!\n?"):
        with pytest.raises(ValidationError):
            Synonym(words=words).full_clean()
    Synonym(words="QI\nquality improvement").full_clean()
    assert Synonym.objects.filter(words__startswith="LTFT").exists()
