"""Modules and lessons in the search of the whole site, without the keys of knowledge checks."""

from __future__ import annotations

import pytest
from wagtail.models import PageViewRestriction

from syllabus.studying.documents import LessonSource, ModuleSource
from tests.factories.syllabus import make_lesson, make_module

pytestmark = pytest.mark.django_db


def found(client, words):
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    return [(each.kind, each.page.title) for each in response.context["found"]]


@pytest.mark.usefixtures("search_index")
def test_modules_and_lessons_are_found_by_their_words(client):
    module = make_module("Essentials", introduction="About zebras.")
    make_lesson(module, "Handover", ("checklist", {"title": "To do", "items": ["Call a giraffe"]}))
    assert found(client, "zebras") == [("Module", "Essentials")]
    assert found(client, "giraffe") == [("Lesson", "Handover")]


@pytest.mark.usefixtures("search_index")
def test_a_case_and_its_questions_are_found(client):
    vignette = {"title": "Mr P", "story": "<p>An okapi fell.</p>", "questions": ["Which tapir?"]}
    make_lesson(make_module(), "Falls", ("vignette", vignette))
    assert found(client, "okapi") == [("Lesson", "Falls")]
    assert found(client, "tapir") == [("Lesson", "Falls")]


def test_what_is_right_in_a_knowledge_check_is_not_told():
    check = {
        "question": "What comes first?",
        "options": [
            {"text": "Safety", "is_correct": True, "feedback": "Secret one."},
            {"text": "Forms", "is_correct": False, "feedback": "Secret two."},
        ],
    }
    lesson = make_lesson(make_module(), "Checks", ("knowledge_check", check))
    body = LessonSource().documents([lesson.pk])[lesson.pk].body
    assert "What comes first?" in body
    assert "Secret" not in body


def test_an_outcome_a_level_and_a_domain_are_words_of_a_module():
    module = make_module(level="2")
    body = ModuleSource().documents([module.pk])[module.pk].body
    assert "Recognise 0." in body
    assert "Level 2." in body


def test_drafts_and_private_pages_have_no_document_for_anyone():
    draft, private = make_module("Draft", live=False), make_module("Private")
    PageViewRestriction.objects.create(page=private, restriction_type="password", password="x")
    assert ModuleSource().documents([draft.pk, private.pk]) == {}
    lesson = private.lessons[0]
    assert LessonSource().documents([lesson.pk]) == {}


def test_the_number_of_queries_does_not_grow_with_the_pages(django_assert_num_queries):
    modules = [make_module(f"Module {number}", lessons=1) for number in range(4)]
    lessons = [module.lessons[0].pk for module in modules]
    with django_assert_num_queries(4):
        assert len(ModuleSource().documents([module.pk for module in modules])) == 4
    with django_assert_num_queries(2):
        assert len(LessonSource().documents(lessons)) == 4
