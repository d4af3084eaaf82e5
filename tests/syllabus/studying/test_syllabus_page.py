"""The list of modules: by level, with what each asks for, and where the trainee stands."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from syllabus.models import Prerequisite
from syllabus.studying.reading import read_syllabus
from tests.factories.syllabus import (
    NOON,
    complete_module,
    enrol,
    make_module,
    make_syllabus,
    make_trainee,
)

pytestmark = pytest.mark.django_db


def seen_by(user=None):
    request = RequestFactory().get("/syllabus/")
    request.user = user or AnonymousUser()
    return read_syllabus(make_syllabus(), request, NOON)


def test_modules_are_grouped_by_level_in_the_order_of_levels():
    make_module("Investigating", level="3-4", lessons=0)
    make_module("Essentials", level="1")
    groups = seen_by()
    assert [group.label for group in groups] == ["Level 1", "Levels 3 and 4"]
    assert groups[0].cards[0].module.title == "Essentials"


def test_someone_signed_out_sees_what_a_module_asks_for_and_no_status(client):
    make_module("Essentials", audience="All staff", minutes=40)
    response = client.get("/syllabus/")
    assert response.status_code == 200
    html = response.content.decode()
    for words in ("Essentials", "All staff", "40 minutes", "pass the assessment"):
        assert words in html
    assert "Not started" not in html


def test_a_length_that_nobody_knows_is_left_out(client):
    make_module("Essentials", minutes=None)
    response = client.get("/syllabus/")
    assert response.status_code == 200
    assert "minutes" not in response.content.decode()


def test_a_module_without_lessons_is_described_with_what_comes_first(client):
    first = make_module("Essentials", level="1")
    outline = make_module("Investigating", level="3-4", lessons=0)
    Prerequisite.objects.create(page=outline, module=first)
    response = client.get("/syllabus/")
    assert response.status_code == 200
    html = response.content.decode()
    assert "You cannot take this module on this site yet." in html
    assert html.count("Complete first") == 1


def test_a_trainee_sees_how_far_she_is():
    alice = make_trainee()
    done = make_module("Done", validity_months=36)
    begun = make_module("Begun", lessons=4)
    make_module("Waiting")
    complete_module(alice, done)
    enrol(alice, begun)
    lines = {c.module.title: c.line.text for group in seen_by(alice) for c in group.cards}
    assert lines == {
        "Done": "Done, valid until 2 March 2029",
        "Begun": "In progress: 0 of 4 lessons",
        "Waiting": "Not started",
    }


def test_a_module_behind_a_restriction_is_not_listed():
    module = make_module("Private")
    PageViewRestriction.objects.create(page=module, restriction_type="login")
    assert seen_by() == []


def test_a_draft_module_is_not_listed():
    make_module("Draft", live=False)
    assert seen_by() == []


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_number_of_queries_does_not_grow_with_the_modules(client, signed_in):
    if signed_in:
        client.force_login(make_trainee())

    def queries():
        client.get("/syllabus/")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/syllabus/").status_code == 200
        return len(captured)

    first = make_module("First")
    make_module("Second").prerequisites.create(module=first)
    few = queries()
    for number in range(6):
        make_module(f"Another {number}").prerequisites.create(module=first)
    assert queries() == few
    assert few <= 24
