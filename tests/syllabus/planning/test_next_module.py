"""The one module to go on with, or to begin: the same rule for everyone, in one query."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from learning_hub.accounts.models import User
from learning_hub.pages.visibility import barriers_of, visitor_of
from syllabus.models import Prerequisite
from syllabus.planning.next_module import next_module
from tests.factories.syllabus import NOON, complete_module, enrol, make_module, make_trainee

pytestmark = pytest.mark.django_db


def request_of(user: User | AnonymousUser) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    return request


def next_of(user: User | AnonymousUser) -> tuple[str, bool] | None:
    found = next_module(request_of(user))
    return (found.module.title, found.is_begun) if found else None


def test_a_stranger_is_led_to_the_first_module_of_the_lowest_level() -> None:
    make_module("Advanced", level="2")
    make_module("Basics", level="1")
    assert next_of(AnonymousUser()) == ("Basics", False)


def test_a_module_without_lessons_is_nobodys_next() -> None:
    make_module("Described only", lessons=0)
    assert next_of(AnonymousUser()) is None


def test_what_was_begun_last_comes_first() -> None:
    trainee = make_trainee()
    make_module("First")
    older, newer = make_module("Older"), make_module("Newer")
    for module, moment in ((older, NOON), (newer, NOON + dt.timedelta(days=1))):
        enrol(trainee, module, moment)
    assert next_of(trainee) == ("Newer", True)


def test_what_is_complete_gives_way_to_what_is_not() -> None:
    trainee = make_trainee()
    done = make_module("Done")
    make_module("To do")
    complete_module(trainee, done)
    assert next_of(trainee) == ("To do", False)


def test_with_everything_complete_nothing_is_next() -> None:
    trainee = make_trainee()
    complete_module(trainee, make_module("Done"))
    assert next_of(trainee) is None


def test_a_module_that_stands_in_for_another_is_nobodys_next() -> None:
    trainee = make_trainee()
    essentials = make_module("Essentials")
    boards = make_module("Essentials for boards")
    second = make_module("Second", level="2")
    Prerequisite.objects.create(page=second, module=essentials, or_instead=boards)
    complete_module(trainee, essentials)
    assert next_of(trainee) == ("Second", False)


def test_a_module_that_she_may_not_see_is_not_hers() -> None:
    closed = make_module("Closed")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    assert next_of(AnonymousUser()) is None
    assert next_of(make_trainee()) == ("Closed", False)


def test_it_takes_one_query_once_the_visitor_is_known() -> None:
    trainee = make_trainee()
    for number in range(5):
        make_module(f"Module {number}")
    request = request_of(trainee)
    visitor_of(request), barriers_of(request)
    with CaptureQueriesContext(connection) as captured:
        assert next_module(request)
    assert len(captured) == 1
