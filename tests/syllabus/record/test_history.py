"""The record as its owner reads it: complete, newest first, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from syllabus.record.achievements import State
from syllabus.record.history import NAMELESS, Kind, history
from tests.factories.syllabus import NOON, complete_module, enrol, make_module, make_trainee
from tests.syllabus.record.scenes import HOUR, busy_trainee, fail, revoke

pytestmark = pytest.mark.django_db
LATER = NOON + 100 * HOUR


def test_a_record_tells_what_was_done_newest_first() -> None:
    alice, module = make_trainee(), make_module(lessons=1)
    fail(alice, module, NOON)
    complete_module(alice, module, NOON + HOUR)

    [done] = history(alice.pk, LATER).modules

    assert [event.words for event in done.events] == [
        "Received the certificate",
        "Completed version 1",
        "Attempt 2 handed in: 2 of 2 right (100%), passed",
        "Began attempt 2 of the assessment",
        "Attempt 1 handed in: 0 of 2 right (0%), not passed",
        "Began attempt 1 of the assessment",
        "Read the lesson “Lesson 1”",
        "Started the module",
    ]


def test_the_module_of_last_comes_first() -> None:
    alice = busy_trainee()
    titles = [module.title for module in history(alice.pk, LATER).modules]
    assert titles == ["Access to practice", "Systems", "Essentials"]


def test_a_revoked_certificate_says_why() -> None:
    alice, module = make_trainee(), make_module()
    revoke(complete_module(alice, module), NOON + HOUR)

    [done] = history(alice.pk, LATER).modules

    assert done.events[0].words == "The certificate was revoked: Issued to the wrong person"
    assert [each.state for each in done.achievements] == [State.REVOKED]


def test_a_renewed_completion_is_told_from_the_one_that_counts() -> None:
    alice, module = make_trainee(), make_module(validity_months=12)
    complete_module(alice, module, NOON)
    complete_module(alice, module, NOON + dt.timedelta(days=300))

    def states(days: int) -> list[State]:
        [done] = history(alice.pk, NOON + dt.timedelta(days=days)).modules
        return [each.state for each in done.achievements]

    assert states(301) == [State.COUNTS, State.RENEWED]
    assert states(1000) == [State.EXPIRED, State.RENEWED]


def test_the_record_outlives_the_module() -> None:
    alice = make_trainee()
    done, begun = make_module("Essentials"), make_module("Systems")
    complete_module(alice, done)
    enrol(alice, begun)
    for module in (done, begun):
        module.delete()

    modules = history(alice.pk, LATER).modules

    assert {module.title for module in modules} == {"Essentials", NAMELESS}
    assert {module.page for module in modules} == {None}


def test_nobody_elses_record_is_in_it() -> None:
    module = make_module()
    complete_module(make_trainee("bob@example.org"), module)
    assert history(make_trainee().pk, LATER).modules == ()


def test_a_record_takes_the_same_queries_for_two_modules_and_for_twenty(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    alice = make_trainee()
    client.force_login(alice)
    complete_some(alice, 2)
    client.get("/my/record/")
    with django_assert_max_num_queries(20) as few:
        assert client.get("/my/record/").status_code == 200
    complete_some(alice, 18)
    with django_assert_max_num_queries(20) as many:
        answer = client.get("/my/record/")
    assert answer.status_code == 200
    assert answer.content.count(b'class="record-module"') == 20
    assert len(many) == len(few)


def complete_some(alice: Any, count: int) -> None:
    for number in range(count):
        module = make_module(f"Module {number}", lessons=1, questions=2)
        complete_module(alice, module)


def test_the_page_links_to_the_module_and_its_certificate(client: Client) -> None:
    alice, module = make_trainee(), make_module("Essentials", validity_months=24)
    completion = complete_module(alice, module, timezone.now())
    client.force_login(alice)

    answer = client.get("/my/record/")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'href="{completion.certificate.get_absolute_url()}"' in page
    assert f'href="{module.url}"' in page
    assert "Complete</strong>" in page


def test_someone_who_did_nothing_is_led_to_the_syllabus(client: Client) -> None:
    client.force_login(make_trainee())
    answer = client.get("/my/record/")
    assert answer.status_code == 200
    assert 'href="/syllabus/"' in answer.content.decode()


def test_kinds_are_known_to_every_copy_by_names_that_do_not_change() -> None:
    assert [str(kind) for kind in Kind] == [
        "started",
        "lesson-read",
        "attempt-begun",
        "attempt-marked",
        "completed",
        "certificate-issued",
        "certificate-revoked",
    ]
