"""A module's page: what it says of itself, and the one thing to do next."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from syllabus import attempts
from syllabus.models import Completion, Enrolment, Prerequisite, Revocation
from syllabus.studying.reading import assessment_rules, read_module
from tests.factories.syllabus import (
    NOON,
    answer_all,
    begin,
    complete_module,
    enrol,
    make_module,
    make_trainee,
    read_all,
)

pytestmark = pytest.mark.django_db


def seen_by(user, module, at=NOON):
    request = RequestFactory().get(module.url)
    request.user = user
    return read_module(type(module).objects.get(pk=module.pk), request, at)


def step_of(user, module, at=NOON):
    return seen_by(user, module, at).step


def fail(trainee, module, at=NOON):
    attempt = begin(trainee, module, at)
    answer_all(trainee, attempt, right=False, at=at)
    attempts.submit_attempt(trainee=trainee, attempt_id=attempt.pk, key=uuid.uuid4(), at=at)


def test_someone_signed_out_is_asked_to_sign_in_and_comes_back():
    module = make_module()
    step = step_of(AnonymousUser(), module)
    assert step.label == "Sign in to keep a record"
    assert step.address.endswith(f"?next={module.url.replace('/', '%2F')}")


def test_a_trainee_starts():
    module = make_module()
    step = step_of(make_trainee(), module)
    assert (step.label, step.is_change) == ("Start this module", True)


def test_an_outline_offers_nothing_to_press():
    module = make_module(lessons=0)
    for person in (AnonymousUser(), make_trainee()):
        step = step_of(person, module)
        assert step.label == ""
        assert "You cannot take it on this site yet" in step.text


def test_someone_enrolled_goes_on_with_the_first_lesson_that_she_has_not_read():
    alice, module = make_trainee(), make_module()
    enrol(alice, module)
    assert step_of(alice, module).label == "Continue with lesson 1: Lesson 1"


def test_a_statement_is_confirmed_once_every_lesson_is_read():
    alice = make_trainee()
    module = make_module(completion_rule="acknowledged", statement="I have read it.")
    enrol(alice, module)
    read_all(alice, module)
    step = step_of(alice, module)
    assert (step.label, step.statement) == ("Confirm", "I have read it.")


def test_the_assessment_comes_after_the_lessons():
    alice, module = make_trainee(), make_module()
    enrol(alice, module)
    read_all(alice, module)
    step = step_of(alice, module)
    assert step.label == "Take the assessment"
    assert step.address == reverse("assessment", args=[module.key])
    assert "3 attempts left" in step.text


def test_an_open_attempt_is_resumed():
    alice, module = make_trainee(), make_module()
    attempt = begin(alice, module)
    step = step_of(alice, module)
    assert (step.label, step.address) == (
        "Resume the assessment",
        reverse("attempt", args=[attempt.pk]),
    )


def test_after_the_last_attempt_she_waits_and_then_starts_again():
    alice, module = make_trainee(), make_module(attempts_allowed=1)
    fail(alice, module)
    step = step_of(alice, module)
    assert step.label == ""
    assert "You can start again on 3 March 2026 at 12:00" in step.text
    assert step_of(alice, module, NOON + dt.timedelta(days=1)).label == "Start again"


def test_a_completed_module_shows_its_certificate():
    alice, module = make_trainee(), make_module()
    completion = complete_module(alice, module)
    step = step_of(alice, module)
    assert step.label == "See your certificate"
    assert step.address == completion.certificate.get_absolute_url()


def test_what_is_soon_to_expire_can_be_renewed_and_the_certificate_seen():
    alice, module = make_trainee(), make_module(validity_months=12)
    completion = complete_module(alice, module)
    assert "renew it from 2 December 2026" in step_of(alice, module).text
    view = seen_by(alice, module, completion.expires_at - dt.timedelta(days=30))
    assert view.step.label == "Renew this module"
    assert view.certificate == completion.certificate.get_absolute_url()


def test_a_revoked_certificate_leads_to_a_new_start():
    alice, module = make_trainee(), make_module()
    completion = complete_module(alice, module)
    Revocation.objects.create(
        certificate=completion.certificate, revoked_at=NOON, reason="Mistake", revoked_by=alice
    )
    assert step_of(alice, module).label == "Start again"


def test_what_comes_first_is_named_with_whether_it_is_met():
    alice, first, module = make_trainee(), make_module("First"), make_module("Then")
    Prerequisite.objects.create(page=module, module=first)
    view = seen_by(alice, module)
    assert view.step.label == ""
    assert [row.is_met for row in view.prerequisites] == [False]
    complete_module(alice, first)
    view = seen_by(alice, module)
    assert view.step.label == "Start this module"
    assert [row.is_met for row in view.prerequisites] == [True]
    assert [row.is_met for row in seen_by(AnonymousUser(), module).prerequisites] == [None]


def test_the_rules_of_the_assessment_are_said_in_words():
    module = make_module(time_limit_minutes=30, attempts_allowed=1, cooling_off_hours=0)
    assert assessment_rules(module) == (
        "2 questions for each learning outcome",
        "The pass mark is 80%",
        "You have 1 attempt",
        "If you use them all, you can start the module again at once",
        "Each attempt has a time limit of 30 minutes",
    )
    assert assessment_rules(make_module("Read it", completion_rule="viewed")) == ()


def test_the_page_says_what_the_module_is(client):
    module = make_module(audience="All staff", minutes=40, validity_months=36, version=2)
    response = client.get(module.url)
    assert response.status_code == 200
    html = response.content.decode()
    for words in ("All staff", "40 minutes", "36 months", "Recognise 0", "Lesson 1", "80%"):
        assert words in html


def test_starting_leads_to_the_first_lesson_and_starts_once(client):
    alice, module = make_trainee(), make_module()
    client.force_login(alice)
    key = str(uuid.uuid4())
    for _ in range(2):
        response = client.post(reverse("module_start", args=[module.key]), {"key": key})
        assert response.status_code == 302
        assert response.url == module.lessons[0].url
    assert Enrolment.objects.filter(trainee=alice).count() == 1


@pytest.mark.parametrize("key", ["", "x", "\x00", "9" * 100_000])
def test_a_broken_key_is_replaced(client, key):
    alice, module = make_trainee(), make_module()
    client.force_login(alice)
    response = client.post(reverse("module_start", args=[module.key]), {"key": key})
    assert response.status_code == 302
    assert Enrolment.objects.filter(trainee=alice).count() == 1


def test_starting_needs_an_account_and_comes_back_to_the_module(client):
    module = make_module()
    response = client.post(reverse("module_start", args=[module.key]))
    assert response.status_code == 302
    assert response.url == f"/accounts/login/?next={module.url.replace('/', '%2F')}"


def test_someone_without_a_name_is_sent_to_her_profile(client):
    alice, module = make_trainee(name=""), make_module()
    client.force_login(alice)
    response = client.post(reverse("module_start", args=[module.key]))
    assert response.status_code == 302
    assert response.url.startswith(f"{reverse('profile')}?next=")


def test_a_refusal_is_told_on_the_module(client):
    first, module = make_module("First"), make_module("Then")
    Prerequisite.objects.create(page=module, module=first)
    client.force_login(make_trainee())
    response = client.post(reverse("module_start", args=[module.key]), follow=True)
    assert response.status_code == 200
    assert "Complete these first: First." in response.content.decode()
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("name", ["module_start", "module_acknowledge"])
def test_a_draft_and_a_private_module_are_not_there(client, name):
    draft, private = make_module("Draft", live=False), make_module("Private")
    group_only = PageViewRestriction.objects.create(page=private, restriction_type="groups")
    assert group_only.groups.count() == 0
    client.force_login(make_trainee())
    for key in (draft.key, private.key, uuid.uuid4()):
        assert client.post(reverse(name, args=[key])).status_code == 404


def test_steps_are_taken_by_post_only(client):
    module = make_module()
    client.force_login(make_trainee())
    for address in (
        reverse("module_start", args=[module.key]),
        reverse("module_acknowledge", args=[module.key]),
        reverse("lesson_read", args=[module.lessons[0].key]),
    ):
        assert client.get(address).status_code == 405


def test_confirming_the_statement_completes_the_module_once(client):
    alice = make_trainee()
    module = make_module(completion_rule="acknowledged", statement="I have read it.")
    enrol(alice, module)
    client.force_login(alice)
    address = reverse("module_acknowledge", args=[module.key])
    early = client.post(address, follow=True)
    assert early.status_code == 200
    assert "Mark these lessons as read first" in early.content.decode()
    read_all(alice, module)
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert Completion.objects.count() == 1


@pytest.mark.parametrize("lessons", [2, 20])
def test_the_page_takes_at_most_seventeen_queries(client, lessons):
    alice, first = make_trainee(), make_module("First")
    module = make_module("Then", lessons=lessons)
    complete_module(alice, first)
    Prerequisite.objects.create(page=module, module=first)
    begin(alice, module)
    client.force_login(alice)
    client.get(module.url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(module.url).status_code == 200
    assert len(captured) <= 17, [query["sql"][:150] for query in captured.captured_queries]
