"""What a visitor's search finds, counts and says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from wagtail.models import PageViewRestriction

from case_studies.facets import library
from learning_hub.accounts.models import User
from learning_hub.pages.visibility import visitor_for
from learning_hub.taxonomy import vocabulary
from search import query, sync
from search.contract import SearchRequest
from search.models import Synonym
from tests.factories.case_studies import make_case_study, make_library
from tests.search.conftest import counts, titles

pytestmark = pytest.mark.django_db


def test_words_are_found_in_any_form_and_any_part(find):
    make_case_study("Simulated theatre lists")
    make_case_study("Clinics", one_line_result="More simulations each week")
    make_case_study("Coaching")
    assert set(titles(find("q=simulating"))) == {"Simulated theatre lists", "Clinics"} | {
        "Coaching"  # filed under simulation, whose name belongs to its text
    }
    assert titles(find("q=theatres")) == ["Simulated theatre lists"]


def test_a_title_counts_for_more_than_a_text(find):
    make_case_study("Coaching", one_line_result="Ultrasound was part of it")
    make_case_study("Ultrasound at night")
    assert titles(find("q=ultrasound")) == ["Ultrasound at night", "Coaching"]


def test_a_misspelt_word_is_forgiven_and_corrected(find):
    make_case_study("Laparoscopy boxes to take home")
    results = find("q=laparoscpy")
    assert titles(results) == ["Laparoscopy boxes to take home"]
    assert results.suggestion == "laparoscopy"
    assert find("q=laparoscopy").suggestion is None


def test_a_correction_never_comes_from_what_a_visitor_may_not_see(find):
    study = make_case_study("Zirconium drills")
    PageViewRestriction.objects.create(page=study, restriction_type="login")
    results = find("q=zirconum")
    assert (results.total, results.suggestion) == (0, None)


def test_an_acronym_finds_its_words_and_its_words_find_it(find):
    make_case_study("A day for LTFT trainees")
    make_case_study("Less than full time rotas")
    both = {"A day for LTFT trainees", "Less than full time rotas"}
    assert set(titles(find("q=ltft"))) == both
    assert set(titles(find("q=less+than+full+time"))) == both


def test_a_new_synonym_counts_at_once(find):
    make_case_study("Arthroscopy boxes")
    assert find("q=keyhole").total == 0
    Synonym.objects.create(words="keyhole\narthroscopy")
    assert titles(find("q=keyhole")) == ["Arthroscopy boxes"]
    Synonym.objects.get(words__startswith="keyhole").delete()
    assert find("q=keyhole").total == 0


def test_quotation_marks_ask_for_a_phrase(find):
    make_case_study("Theatre lists on Saturday")
    make_case_study("Saturday theatre")
    assert titles(find("q=%22theatre+lists%22")) == ["Theatre lists on Saturday"]


def test_a_facet_counts_without_its_own_selection(find):
    make_case_study("One", regions=["north-west"], evidence="level-2")
    make_case_study("Two", regions=["north-west", "london"], evidence="level-3")
    make_case_study("Three", regions=["london"], evidence="level-3")
    results = find("region=north-west&evidence=level-3")
    assert titles(results) == ["Two"]
    assert counts(results, "region") == {"north-west": 1, "london": 2}
    assert counts(results, "evidence") == {"level-2": 1, "level-3": 1}
    either = find("region=north-west&region=london")
    assert either.total == 3
    assert counts(either, "region") == {"north-west": 2, "london": 2}


def test_values_that_would_find_nothing_are_shown_disabled_and_chosen_ones_are_not(find):
    make_case_study("One", regions=["north-west"])
    region = next(f for f in find("region=london").facets if f.key == "region")
    states = {row.value: (row.count, row.selected, row.disabled) for row in region.rows}
    assert states["london"] == (0, True, False)
    assert states["midlands"] == (0, False, True)
    assert states["north-west"] == (1, False, False)


def test_a_group_counts_each_study_once(find):
    make_case_study("Two of one group", specialties=["urology", "paediatric-surgery"])
    rows = next(f for f in find().facets if f.key == "specialty").rows
    counted = {row.value: (row.count, row.group) for row in rows if row.count}
    group = counted["urology"][1]
    assert counted == {
        group: (1, None), "urology": (1, group), "paediatric-surgery": (1, group)
    }  # fmt: skip
    assert find(f"specialty={group}").total == 1


def test_results_come_in_the_order_asked_for(find):
    make_case_study("Beta", evidence="level-4", first_published_at=_on(2021))
    make_case_study("alpha", evidence="level-2", first_published_at=_on(2023))
    make_case_study("Écho", evidence="level-3", first_published_at=_on(2022))
    assert titles(find()) == ["alpha", "Écho", "Beta"]
    assert titles(find("sort=newest")) == ["alpha", "Écho", "Beta"]
    assert titles(find("sort=title")) == ["alpha", "Beta", "Écho"]
    assert titles(find("sort=evidence")) == ["Beta", "Écho", "alpha"]


def _on(year: int) -> dt.datetime:
    return dt.datetime(year, 1, 1, tzinfo=dt.UTC)


def test_a_page_that_is_not_there_is_the_last_one_and_says_so(find):
    make_case_study("One")
    results = find("page=7")
    assert (results.request.page, titles(results)) == (1, ["One"])
    assert results.notices == (
        "There is only one page of results, so page 7 is not there. You are on page 1.",
    )


def test_a_text_without_words_is_left_out_and_said(find):
    make_case_study("One")
    results = find("q=!!!")
    assert results.notices == ("“!!!” has no words to search for, so it was left out.",)
    assert results.sentence == "1 case study"


def test_words_are_marked_in_the_title_and_in_the_best_part_of_the_text(find):
    make_case_study(
        "Simulation at night", one_line_result="Waits fell", problem=f"<p>{'Long ago. ' * 60}"
        "The airway trolley was locked.</p>"
    )  # fmt: skip
    (hit,) = find("q=simulated+airways").hits
    assert ("Simulation", True) in hit.title_pieces
    assert ("airway", True) in hit.excerpt_pieces
    assert sum(len(text) for text, _ in hit.excerpt_pieces) < 260
    (hit,) = find("").hits
    assert hit.excerpt_pieces == (("Waits fell", False),)


def test_the_sentence_reads_the_search_back(find):
    make_case_study("Simulation", regions=["north-west"])
    make_case_study("Simulation too", regions=["london"])
    assert find("q=simulation&region=north-west&region=london").sentence == (
        "2 case studies about “simulation” in London or the North West"
    )
    assert find("region=london").sentence == "1 case study in London"
    assert find("region=midlands&specialty=urology").sentence == (
        "No case studies for Urology, in the Midlands"
    )


def test_an_empty_result_says_what_to_take_away(find):
    make_case_study("Simulation", regions=["north-west"])
    results = find("q=simulation&region=london&specialty=cardiology")
    assert [(found.label, found.total) for found in results.loosenings] == [
        ("Keep only the words “simulation”", 1)
    ]
    results = find("q=coaching&region=north-west")
    assert [(found.label, found.total, found.request.text) for found in results.loosenings] == [
        ("Take away the words “coaching”", 1, "")
    ]
    results = find("q=simulation&region=london")
    assert [(found.label, found.total) for found in results.loosenings] == [
        ("Take away Region: London", 1)
    ]


def test_each_visitor_finds_and_counts_only_what_she_may_see(find, django_user_model):
    index = make_library()
    trainers = Group.objects.create(name="Night shift")
    for title, kind in (
        ("Open", ""),
        ("Login", "login"),
        ("Group", "groups"),
        ("Pass", "password"),
    ):
        study = make_case_study(f"{title} simulation", parent=index)
        if kind:
            restriction = PageViewRestriction.objects.create(page=study, restriction_type=kind)
            if kind == "groups":
                restriction.groups.add(trainers)
    alice = User.objects.create_user("alice@example.org")
    bob = User.objects.create_user("bob@example.org")
    bob.groups.add(trainers)
    root = User.objects.create_superuser("root@example.org")
    for user, seen in (
        (None, {"Open"}),
        (alice, {"Open", "Login"}),
        (bob, {"Open", "Login", "Group"}),
        (root, {"Open", "Login", "Group"}),
    ):
        results = find("q=simulation") if user is None else find("q=simulation", visitor_for(user))
        assert {title.split()[0] for title in titles(results)} == seen
        assert results.total == len(seen)
        assert counts(results, "region") == {"north-west": len(seen)}
        assert counts(results, "year") == {"2021": len(seen)}


def test_a_search_costs_one_query_where_nothing_changed(find, django_assert_num_queries):
    make_case_study("One")
    find("q=simulation")
    kept = vocabulary.current()
    with django_assert_num_queries(1):
        query.run(library(lambda: kept), SearchRequest(text="simulation"))


@pytest.mark.embedded_only
def test_a_damaged_index_is_made_anew_by_the_next_search(find, search_index):
    make_case_study("One")
    assert find().total == 1
    folder = search_index.whereabouts()["folder"]
    for path in Path(folder).iterdir():
        path.unlink()  # where a thread still reads the file, to cut it short would end us
        path.write_bytes(b"garbage")
    search_index._opened = None  # as another process, or this one after a restart, finds it
    assert find().total == 1


@pytest.mark.embedded_only
def test_a_damaged_marker_means_a_new_index(find, search_index):
    make_case_study("One")
    assert find().total == 1
    (search_index._folder.root / "marker.json").write_text("{")
    assert find().total == 1


@pytest.mark.embedded_only
def test_where_there_can_be_no_index_search_says_so_and_answers(find, settings, tmp_path):
    make_case_study("One")
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    settings.HUB_SEARCH_INDEX_DIR = blocked / "index"
    results = find("q=simulation&region=london")
    assert (results.total, results.hits, results.notices) == (0, (), (query.UNAVAILABLE,))
    assert results.sentence == "No case studies about “simulation” in London"


def test_while_another_process_makes_the_index_search_says_so(find, search_index):
    make_case_study("One")
    with search_index.rebuilding():
        assert find().notices == (query.UNAVAILABLE,)
    assert find().total == 1


def test_an_index_of_another_database_is_made_anew(find, search_index):
    make_case_study("One")
    assert find().total == 1
    with search_index.writing(1) as writer:
        writer.replace([1], [])
        writer.commit(10_000, "another history")
    assert find().total == 1
    assert search_index.state().history != "another history"


def test_an_old_form_of_the_index_is_made_anew(find, monkeypatch, search_index):
    make_case_study("One")
    assert find().total == 1
    monkeypatch.setattr(search_index, "_fingerprint", "0" * 12)
    search_index._opened = None
    assert find().total == 1


def test_drift_is_found_and_mended(find, search_index):
    study, other = make_case_study("One"), make_case_study("Two")
    find()
    assert not sync.drift()
    type(study).objects.filter(pk=study.pk).update(title="Changed behind our back")
    with search_index.writing(1) as writer:
        writer.replace([other.pk], [])
        state = search_index.state()
        writer.commit(state.sequence, state.history)
    found = sync.drift()
    assert (found.missing, found.surplus, found.stale) == ((other.pk,), (), (study.pk,))
    sync.repair(found)
    assert not sync.drift()
    assert set(titles(find())) == {"Changed behind our back", "Two"}
