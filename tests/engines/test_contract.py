"""The contract that every engine passes: the same answers as the brute-force oracle."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from search.contract import SearchDocument
from search.digest import digest_of
from search.engines.protocol import Answer, Engine
from search.plan import Alternative, Clause, Plan, Preference
from tests.engines import corpus
from tests.engines.makers import EACH, ENGINES
from tests.engines.oracle import Oracle

SEEDS = range(6)
PLANS_A_SEED = 60
NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)


def fill(engine: Engine, documents: list[SearchDocument]) -> Engine:
    with engine.rebuilding() as builder:
        builder.replace([], documents)
        builder.commit(1, "history")
        with builder.switching():
            pass
    return engine


@pytest.fixture(params=EACH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return ENGINES[request.param](request, tmp_path)


@pytest.fixture(scope="module", params=EACH)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    make = ENGINES[request.param]
    return {
        seed: (fill(make(request, tmp_path_factory.mktemp(f"seed{seed}")), made), Oracle(made))
        for seed in SEEDS
        for made in [corpus.documents(seed)]
    }


def document(id: int, title: str = "Theatre", **fields) -> SearchDocument:
    values = {
        "kind": "case-study",
        "summary": "",
        "body": "",
        "facets": {},
        "audience": frozenset({"public", "everything"}),
        "published_at": NOW,
    }
    return SearchDocument(id=id, title=title, **(values | fields))


def asking(*tokens: str, **fields) -> Plan:
    clauses = tuple(Clause((Alternative((token,)),)) for token in tokens)
    return Plan(audience=("public",), clauses=clauses, minimum=len(clauses), **fields)


def ids(answer: Answer) -> list[int]:
    return [match.id for match in answer.matches]


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_and_all_counts_equal_the_oracle(filled, seed):
    engine, oracle = filled[seed]
    for number in range(PLANS_A_SEED):
        plan = corpus.plan(seed * 1_000 + number)
        answer = engine.search(plan)
        assert answer.total == oracle.total(plan), plan
        assert answer.counts == oracle.counts(plan), plan
        assert engine.count(plan) == answer.total


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_equals_the_oracle(filled, seed):
    engine, oracle = filled[seed]
    for number in range(PLANS_A_SEED):
        plan = corpus.plan(seed * 1_000 + number)
        ranking = oracle.ranking(plan)
        found = engine.search(plan).matches
        wanted = ranking[plan.start : plan.start + plan.size]
        if plan.order != "score":
            assert [match.id for match in found] == [id for id, _ in wanted], plan
            continue
        scores = dict(ranking)
        assert len(found) == len(wanted), plan
        for match, (id, score) in zip(found, wanted, strict=True):
            assert match.score == pytest.approx(score, rel=1e-3, abs=1e-6), plan
            assert match.id == id or scores[match.id] == pytest.approx(score, rel=1e-3), plan


def test_equal_scores_go_by_id_across_every_window(filled):
    engine, _ = filled[0]
    whole = asking("simul", "list", "theatr", size=200)
    expected = ids(engine.search(whole))
    windows = [
        id
        for start in range(0, len(expected), 7)
        for id in ids(engine.search(replace(whole, start=start, size=7)))
    ]
    assert windows == expected
    assert len(set(expected)) == len(expected) > 20


def test_equal_scores_go_by_id_in_an_index_of_many_parts(empty):
    fill(empty, [])
    for id in (5, 3, 9, 1, 7):
        with empty.writing(1) as writer:
            writer.replace([id], [document(id)])
            writer.commit(id, "history")
    assert ids(empty.search(asking("theatr", size=3))) == [1, 3, 5]
    assert ids(empty.search(asking("theatr", start=3, size=3))) == [7, 9]


def test_a_change_replaces_what_was_there(empty):
    fill(empty, [document(1, "Theatre"), document(2, "Theatre")])
    with empty.writing(1) as writer:
        writer.replace([1, 2], [document(1, "Clinic")])
        writer.commit(2, "history")
    assert ids(empty.search(asking("theatr"))) == []
    assert ids(empty.search(asking("clinic"))) == [1]
    assert empty.state().sequence == 2


def test_what_is_not_committed_is_not_seen_and_not_kept(empty):
    fill(empty, [document(1)])
    with empty.writing(1) as writer:
        writer.replace([1], [])
        assert empty.search(asking()).total == 1
    assert empty.search(asking()).total == 1
    with empty.writing(1) as writer:
        writer.commit(2, "history")
    assert empty.search(asking()).total == 1


def test_a_document_is_hidden_from_the_moment_it_expires(empty, monkeypatch):
    expiring = document(1, facets={"region": ("london",)}, expires_at=NOW + dt.timedelta(hours=1))
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    fill(empty, [expiring, document(2)])
    plan = asking("theatr", counted=("region",))
    assert ids(empty.search(plan)) == [1, 2]
    assert empty.state().next_expiry == expiring.expires_at
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + dt.timedelta(hours=1))
    answer = empty.search(plan)
    assert (ids(answer), answer.counts) == ([2], {"region": {}})
    with empty.writing(1) as writer:
        writer.commit(2, "history")
    assert empty.digests().keys() == {2}
    assert empty.state().next_expiry is None


def test_words_and_knowledge_come_from_public_documents_only(empty):
    secret = document(1, "Zirconium simulation", audience=frozenset({"group-1", "everything"}))
    fill(empty, [secret, document(2, "Zinc simulation"), document(3, "Zinc")])
    assert empty.words("zi") == {"zinc": 2}
    assert empty.known(["zirconium", "zinc", "simul"]) == {"zinc", "simul"}
    for pattern in ("z.", "zi.*", "z..c", "[z]inc", "z|simulation", "a.b", 'z"', "z~", "\\w"):
        assert empty.words(pattern) == {}, pattern


def test_the_values_of_a_facet_are_those_the_audience_may_see(empty):
    secret = document(1, facets={"year": ("1999",)}, audience=frozenset({"group-1", "everything"}))
    fill(empty, [secret, document(2, facets={"year": ("2021", "2020")})])
    assert empty.values(["year"], (), ("public",))["year"] == {"2020": 1, "2021": 1}
    assert empty.values(["year"], (), ("group-1", "public"))["year"].keys() == {
        "1999",
        "2020",
        "2021",
    }
    assert empty.values(["year"], ("guidance",), ("public",))["year"] == {}
    both = empty.values(["region", "year"], (), ("public",))
    assert both == {"region": {}, "year": {"2020": 1, "2021": 1}}


def test_titles_are_found_by_the_beginnings_of_their_words(empty):
    fill(empty, [document(1, "Simulated theatre lists"), document(2, "Theatre nights")])
    assert [m.id for m in empty.titled(["th", "sim"], asking())] == [1]
    assert [m.id for m in empty.titled(["thea"], asking(order="title"))] == [1, 2]
    assert empty.titled(["theatre.*"], asking()) == ()


def test_preferences_order_without_excluding(empty):
    fill(empty, [document(1), document(2, facets={"region": ("london",)}), document(3)])
    plan = asking("theatr", preferences=(Preference("region", "london", 3.0),))
    assert ids(empty.search(plan)) == [2, 1, 3]


def test_a_document_is_kept_to_be_shown(empty):
    shown = document(7, "Title", summary="Sum", body="Bo\x00dy", facets={"region": ("london",)})
    fill(empty, [shown])
    match = empty.document(7)
    assert match is not None
    assert (match.title, match.summary, match.body) == ("Title", "Sum", "Bo dy")
    assert match.facets == {"region": ("london",)}
    assert empty.document(8) is None


def test_digests_tell_which_form_of_a_document_is_held(empty):
    fill(empty, [document(1), document(2)])
    assert empty.digests() == {1: digest_of(document(1)), 2: digest_of(document(2))}


def test_hostile_texts_are_indexed_and_found(empty):
    hostile = [
        document(1, "theatre \x00 \ud800 list"),
        document(2, "x" * 100_000, body="theatre " * 40_000),
        document(3, "مسرح theatre <script>", facets={"region": ("\ud800", "a\x00b")}),
    ]
    fill(empty, hostile)
    assert sorted(ids(empty.search(asking("theatr")))) == [1, 2, 3]
