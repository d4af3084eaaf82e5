"""A lesson's page: read by anyone, marked as read by those enrolled."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from syllabus.models import Completion, LessonRead
from tests.factories.syllabus import (
    enrol,
    make_lesson,
    make_module,
    make_question,
    make_trainee,
    read_all,
)

pytestmark = pytest.mark.django_db


def test_anyone_reads_a_lesson_and_sees_where_it_stands(client):
    module = make_module(lessons=3)
    response = client.get(module.lessons[1].url)
    assert response.status_code == 200
    html = response.content.decode()
    for words in ("Lesson 2 of 3", "Previous lesson", "Next lesson", "Sign in to keep a record"):
        assert words in html
    assert "Mark as read" not in html


def test_someone_not_enrolled_can_start_from_a_lesson_and_comes_back_to_it(client):
    module = make_module(lessons=3)
    lesson = module.lessons[1]
    client.force_login(make_trainee())
    response = client.get(lesson.url)
    assert response.status_code == 200
    assert "Start this module" in response.content.decode()
    started = client.post(reverse("module_start", args=[module.key]), {"lesson": lesson.key})
    assert started.status_code == 302
    assert started.url == lesson.url


def test_marking_as_read_goes_on_to_the_next_lesson_and_at_last_to_the_module(client):
    alice, module = make_trainee(), make_module()
    enrol(alice, module)
    client.force_login(alice)
    first, last = module.lessons
    assert "Mark as read and go on" in client.get(first.url).content.decode()
    for lesson, following in ((first, last), (last, module)):
        response = client.post(reverse("lesson_read", args=[lesson.key]))
        assert response.status_code == 302
        assert response.url == following.url
    assert LessonRead.objects.count() == 2
    assert "Mark as read" not in client.get(first.url).content.decode()


def test_the_last_lesson_sent_twice_completes_once_and_complains_of_nothing(client):
    alice, module = make_trainee(), make_module(lessons=1, completion_rule="viewed")
    enrol(alice, module)
    client.force_login(alice)
    address = reverse("lesson_read", args=[module.lessons[0].key])
    client.post(address)
    response = client.post(address, follow=True)
    assert response.status_code == 200
    assert "Start the module first" not in response.content.decode()
    assert Completion.objects.count() == 1


def test_reading_without_starting_is_refused_in_words(client):
    module = make_module()
    client.force_login(make_trainee())
    response = client.post(reverse("lesson_read", args=[module.lessons[0].key]), follow=True)
    assert response.status_code == 200
    assert "Start the module first." in response.content.decode()
    assert not LessonRead.objects.exists()


def test_reading_needs_an_account(client):
    lesson = make_module().lessons[0]
    response = client.post(reverse("lesson_read", args=[lesson.key]))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=%2Fsyllabus%2F")


def test_a_draft_lesson_is_not_there(client):
    module = make_module()
    lesson = module.lessons[0]
    lesson.unpublish()
    client.force_login(make_trainee())
    assert client.get(lesson.url).status_code == 404
    assert client.post(reverse("lesson_read", args=[lesson.key])).status_code == 404


@pytest.mark.parametrize("lessons", [2, 20])
def test_the_page_takes_at_most_twelve_queries(client, lessons):
    alice, module = make_trainee(), make_module(lessons=lessons)
    for number in range(lessons):
        make_question(module.outcomes.first(), stem=f"More {number}")
    enrol(alice, module)
    read_all(alice, module)
    client.force_login(alice)
    lesson = make_lesson(
        module, "With checks", *[("knowledge_check", CHECK) for _ in range(lessons)]
    )
    client.get(lesson.url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(lesson.url)
    assert response.status_code == 200
    assert "Mark as read and go on" in response.content.decode()
    assert len(captured) <= 12, [query["sql"][:150] for query in captured.captured_queries]


CHECK = {
    "question": "Is it safe?",
    "options": [
        {"text": "Yes", "is_correct": True, "feedback": "Right."},
        {"text": "No", "is_correct": False, "feedback": "Wrong."},
    ],
}
