"""What is offered while someone types, and that it says nothing of what she may not see."""

from __future__ import annotations

import pytest
from wagtail.models import PageViewRestriction

from case_studies.facets import library
from learning_hub.pages.visibility import Visitor
from search.related import related_to
from search.suggestions import MOST, suggest
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(search_index):
    return library()


def offered(collection, text: str, *visitor: Visitor) -> list[tuple[str, str]]:
    return [(found.kind, found.label) for found in suggest(collection, text, *visitor)]


def test_values_titles_and_words_are_offered(collection):
    study = make_case_study("Urodynamics clinics", specialties=["urology"])
    found = suggest(collection, "uro")
    assert [(one.kind, one.label, one.detail) for one in found] == [
        ("facet", "Urology", "Specialty"),
        ("title", "Urodynamics clinics", ""),
        ("word", "urodynamics", ""),
        ("word", "urology", ""),
    ]
    assert found[0].query == "?specialty=urology"
    assert found[1].page_id == study.pk
    assert found[2].query == "?q=urodynamics"


def test_the_last_word_is_completed(collection):
    make_case_study("Airway course")
    assert ("word", "advanced airway") in offered(collection, "advanced airw")


def test_values_that_find_nothing_are_not_offered(collection):
    make_case_study("One", regions=["north-west"])
    assert offered(collection, "london") == []


def test_nothing_is_offered_of_what_a_visitor_may_not_see(collection):
    study = make_case_study("Zirconium drills", specialties=["cardiology"], regions=["london"])
    make_case_study("Open")
    PageViewRestriction.objects.create(page=study, restriction_type="login")
    for text in ("zirc", "cardiol", "lond"):
        assert offered(collection, text) == []
    signed_in = Visitor(("public", "signed-in"))
    assert offered(collection, "zirc", signed_in) == [("title", "Zirconium drills")]
    assert offered(collection, "cardiol", signed_in) == [("facet", "Cardiology")]


@pytest.mark.parametrize("text", ["", " ", "a", "\x00", "\ud800", "(", "*", ".*", "x" * 100_000])
def test_odd_beginnings_are_answered_with_nothing(collection, text):
    make_case_study("Airway course")
    assert suggest(collection, text) == []


def test_at_most_so_many_are_offered(collection):
    for number in range(12):
        make_case_study(f"Simulation simple similar {number}")
    assert len(suggest(collection, "sim")) == MOST


def test_pages_that_share_rare_terms_and_words_are_related_most(collection):
    study = make_case_study("Airway drills", specialties=["cardiology"])
    same_words = make_case_study("Airway drills at night")
    same_term = make_case_study("Coaching", specialties=["cardiology"])
    for number in range(5):
        make_case_study(f"Other {number}")
    hidden = make_case_study("Airway drills hidden", specialties=["cardiology"])
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    found = related_to(study.pk, collection)
    assert set(found[:2]) == {same_words.pk, same_term.pk}
    assert len(found) == 3
    assert not {study.pk, hidden.pk} & set(found)
    assert related_to(10**9, collection) == []
