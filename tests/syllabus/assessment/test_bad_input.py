"""What the assessment says to forged, broken, late and repeated requests."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_hub.accounts.models import User
from syllabus import attempts
from syllabus.models import Answer, Attempt, Completion, Enrolment, QuestionKind, Submission
from tests.factories.syllabus import (
    answer_all,
    enrol,
    make_module,
    make_trainee,
    read_all,
    right_answer,
)
from tests.syllabus.assessment.assessing import (
    address,
    as_form,
    begin_now,
    make_module_of_every_kind,
    position_of,
)

pytestmark = pytest.mark.django_db
FOREIGN = "5e1b1b9c-6c1c-4a8e-9d3b-0c0ffee00000"
JSON = {"Accept": "application/json"}


@pytest.fixture
def alice(client: Client) -> User:
    trainee = make_trainee()
    client.force_login(trainee)
    return trainee


def submit_address(attempt: Attempt) -> str:
    return reverse("attempt_submit", args=[attempt.pk])


def test_forged_scores_times_and_people_are_ignored(client: Client, alice: User) -> None:
    bob = make_trainee("bob@example.org", "Bob Brown")
    attempt = begin_now(alice, make_module())
    forged = {
        "trainee": str(bob.pk),
        "user": str(bob.pk),
        "at": "2020-01-01T00:00:00Z",
        "saved_at": "2020-01-01T00:00:00Z",
        "correct": "2",
        "passed": "true",
        "percent": "100",
        "confirmed": "on",
        "closes_at": "2099-01-01T00:00:00Z",
    }
    saved = client.post(address(attempt, 1), {**forged, "chosen": FOREIGN})
    assert saved.status_code == 422
    form = as_form(right_answer(attempt.paper[0]))
    assert client.post(address(attempt, 1), {**form, **forged}).status_code == 302
    assert Answer.objects.get().saved_at.date() == timezone.now().date()
    assert client.post(submit_address(attempt), forged).status_code == 302
    submission = Submission.objects.get()
    assert (submission.correct, submission.passed) == (1, False)
    assert not Enrolment.objects.filter(trainee=bob).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_someone_elses_attempt_is_not_found(client: Client, alice: User, method: str) -> None:
    bob = make_trainee("bob@example.org", "Bob Brown")
    attempt = begin_now(bob, make_module())
    form = as_form(right_answer(attempt.paper[0]))
    assert getattr(client, method)(address(attempt, 1), form).status_code == 404
    assert client.get(reverse("attempt", args=[attempt.pk])).status_code == 404
    assert client.post(submit_address(attempt), {"confirmed": "on"}).status_code == 404
    assert client.post(submit_address(Attempt(pk=uuid.uuid4()))).status_code == 404
    assert not Answer.objects.exists()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("position", [0, 3, 10**30])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_position_that_is_not_on_the_paper_is_not_found(
    client: Client, alice: User, method: str, position: int
) -> None:
    attempt = begin_now(alice, make_module())
    page = f"/learning/attempts/{attempt.pk}/{position}/"
    assert getattr(client, method)(page, {"chosen": "x"}).status_code == 404
    assert getattr(client, method)(page, {"chosen": "x"}, headers=JSON).status_code == 404


def test_an_answer_after_handing_in_is_refused_in_words(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module())
    client.post(submit_address(attempt), {"confirmed": "on"})
    form = as_form(right_answer(attempt.paper[0]))
    response = client.post(address(attempt, 1), form)
    assert response.status_code == 409
    text = response.content.decode()
    assert "This attempt has ended, so its answers can no longer change." in text
    assert reverse("attempt", args=[attempt.pk]) in text
    assert client.post(address(attempt, 1), form, headers=JSON).status_code == 409
    assert client.get(address(attempt, 1)).status_code == 302
    assert not Answer.objects.exists()


def test_an_answer_after_time_is_refused_and_what_was_saved_in_time_counts(
    client: Client, alice: User
) -> None:
    attempt = begin_now(alice, make_module(time_limit_minutes=10), ago=dt.timedelta(minutes=11))
    answer_all(alice, attempt, right=True, at=timezone.now() - dt.timedelta(minutes=5))
    other = next(o["key"] for o in attempt.paper[0]["options"])
    late = client.post(address(attempt, 1), {"chosen": other})
    assert late.status_code == 409
    assert "The answers that you saved in time count." in late.content.decode()
    assert client.post(submit_address(attempt)).status_code == 302
    assert Completion.objects.get().submission.percent == 100


def test_a_replayed_form_saves_once(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module())
    form = {**as_form(right_answer(attempt.paper[0])), "key": str(uuid.uuid4())}
    statuses = {client.post(address(attempt, 1), form).status_code for _ in range(3)}
    assert statuses == {302}
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("key", ["", "not-a-key", "\0", "x" * 100_000, "{}"])
def test_a_broken_key_loses_no_answer(client: Client, alice: User, key: str) -> None:
    attempt = begin_now(alice, make_module())
    form = {**as_form(right_answer(attempt.paper[0])), "key": key}
    assert client.post(address(attempt, 1), form).status_code == 302
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("key", ["", "\0"])
def test_a_broken_key_begins_and_hands_in_all_the_same(
    client: Client, alice: User, key: str
) -> None:
    module = make_module()
    enrol(alice, module, timezone.now())
    read_all(alice, module, timezone.now())
    page = reverse("assessment", args=[module.translation_key])
    assert client.post(page, {"key": key}).status_code == 302
    attempt = Attempt.objects.get()
    form = {"key": key, "confirmed": "on"}
    assert client.post(submit_address(attempt), form).status_code == 302
    assert Submission.objects.count() == 1


def test_handing_in_twice_gives_the_same_result(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module())
    answer_all(alice, attempt, right=True, at=timezone.now())
    first = client.post(submit_address(attempt), {"key": str(uuid.uuid4())})
    again = client.post(submit_address(attempt), {"key": str(uuid.uuid4())})
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert Submission.objects.count() == Completion.objects.count() == 1


def test_following_the_address_of_handing_in_hands_nothing_in(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module())
    response = client.get(submit_address(attempt))
    assert response.status_code == 302
    assert response["Location"] == reverse("attempt", args=[attempt.pk])
    assert not Submission.objects.exists()


BROKEN: list[tuple[QuestionKind, dict[str, Any], str]] = [
    (QuestionKind.SINGLE, {}, "Choose one of the answers."),
    (QuestionKind.SINGLE, {"chosen": FOREIGN}, "Choose one of the answers."),
    (QuestionKind.SINGLE, {"chosen": "\0"}, "Choose one of the answers."),
    (QuestionKind.SINGLE, {"chosen": "x" * 1_000_000}, "Choose one of the answers."),
    (QuestionKind.SINGLE, {"number": "3"}, "Choose one of the answers."),
    (QuestionKind.MULTIPLE, {"chosen": [FOREIGN] * 900}, "Choose one of the answers."),
    (QuestionKind.ORDERING, {}, "Give each item a different place."),
    (QuestionKind.ORDERING, {f"place-{FOREIGN}": "1"}, "Give each item a different place."),
    (QuestionKind.ORDERING, {"place-": "\0"}, "Give each item a different place."),
    (QuestionKind.MATCHING, {"match-x": "m0"}, "Choose a match for every item."),
    (QuestionKind.NUMERIC, {"number": "many"}, "Enter a number, such as 12.5."),
    (QuestionKind.NUMERIC, {"number": "1e-999999"}, "Enter a number, such as 12.5."),
    (QuestionKind.NUMERIC, {"number": "NaN"}, "Enter a number, such as 12.5."),
    (QuestionKind.NUMERIC, {"number": "1\0"}, "Enter a number, such as 12.5."),
    (QuestionKind.NUMERIC, {"number": "9" * 1_000_000}, "Enter a number, such as 12.5."),
    (QuestionKind.NUMERIC, {"chosen": ["1"]}, "Enter a number, such as 12.5."),
]


@pytest.mark.parametrize(("kind", "form", "words"), BROKEN)
def test_what_does_not_fit_the_question_is_said_and_the_earlier_answer_kept(
    client: Client, alice: User, kind: QuestionKind, form: dict[str, Any], words: str
) -> None:
    attempt = begin_now(alice, make_module_of_every_kind())
    position = position_of(attempt, kind)
    right = as_form(right_answer(attempt.paper[position - 1]))
    assert client.post(address(attempt, position), right).status_code == 302
    before = attempts.latest_answers(attempt)
    response = client.post(address(attempt, position), form)
    assert response.status_code == 422
    text = response.content.decode()
    assert "There is a problem" in text
    assert words in text
    assert "The answer that you saved before is kept." in text
    assert len(text) < 50_000
    assert client.post(address(attempt, position), form, headers=JSON).status_code == 422
    assert attempts.latest_answers(attempt) == before


def test_two_items_cannot_have_the_same_place_and_the_choice_stays(
    client: Client, alice: User
) -> None:
    attempt = begin_now(alice, make_module_of_every_kind())
    position = position_of(attempt, QuestionKind.ORDERING)
    form = {f"place-{o['key']}": "2" for o in attempt.paper[position - 1]["options"]}
    response = client.post(address(attempt, position), form)
    assert response.status_code == 422
    assert response.content.decode().count('<option value="2" selected>') == 4


def test_one_answer_only_where_one_is_asked_for(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module())
    both = [option["key"] for option in attempt.paper[0]["options"]]
    response = client.post(address(attempt, 1), {"chosen": both})
    assert response.status_code == 422
    assert "Choose only one answer." in response.content.decode()


@pytest.mark.parametrize("name", ["assessment", "attempt", "attempt_submit"])
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_taken(client: Client, alice: User, name: str, method: str) -> None:
    response = getattr(client, method)(reverse(name, args=[uuid.uuid4()]))
    assert response.status_code == 405


def test_without_the_forms_own_token_nothing_is_saved(alice: User) -> None:
    attempt = begin_now(alice, make_module())
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    form = as_form(right_answer(attempt.paper[0]))
    assert strict.post(address(attempt, 1), form).status_code == 403
    assert not Answer.objects.exists()


def test_no_page_of_an_attempt_is_kept_by_caches(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module())
    pages = [address(attempt, 1), reverse("attempt", args=[attempt.pk])]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
