"""The question bank as an editor keeps it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from learning_hub.accounts.roles import EDITORS, TRAINEES
from syllabus import attempts
from syllabus.editing.question_bank import question_faults
from syllabus.models import LearningOutcome, Option, Question, QuestionKind
from tests.factories.accounts import make_person
from tests.factories.syllabus import (
    NOON,
    answer_all,
    begin,
    make_module,
    make_question,
    make_trainee,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

YES = {"text": "Yes", "is_correct": True, "feedback": "It is."}
NO = {"text": "No", "feedback": "It is not."}
MAYBE = {"text": "Maybe", "feedback": "It is not either."}
TRUE = {**YES, "text": "True"}
FALSE = {**NO, "text": "False"}
KITTEN = {"text": "Cat", "match": "Kitten"}
PUPPY = {"text": "Dog", "match": "Puppy"}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_person("editor@example.org", EDITORS))
    return client


@pytest.fixture
def outcome() -> LearningOutcome:
    return make_module(questions=0).outcomes.get()


def url(view: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_syllabus_question:{view}", args=args)


def form(outcome: LearningOutcome, kind: str, *options: dict[str, Any], **fields: Any) -> Any:
    data = {
        "outcome": outcome.pk,
        "kind": kind,
        "stem": "What is it?",
        "feedback": "It is what it is.",
        "tolerance": "0",
        "options": inline_formset([{"match": "", "feedback": "", **row} for row in options]),
        **fields,
    }
    return nested_form_data(data)


FITTING: list[tuple[str, list[dict[str, Any]]]] = [
    ("single", [YES, NO, MAYBE]),
    ("multiple", [YES, {**MAYBE, "is_correct": True}, NO]),
    ("true_false", [TRUE, FALSE]),
    ("ordering", [YES, NO, MAYBE]),
    ("matching", [KITTEN, PUPPY]),
    ("numeric", []),
]
FAULTY: list[tuple[str, list[dict[str, Any]], str]] = [
    ("single", [YES], "Give 2 to 8 options."),
    ("single", [{**YES, "text": str(n)} for n in range(9)], "Give 2 to 8 options."),
    ("single", [NO, MAYBE], "Tick exactly one option as correct."),
    ("single", [YES, {**MAYBE, "is_correct": True}], "Tick exactly one option as correct."),
    ("single", [YES, {"text": "No"}], "Give feedback for every option."),
    ("single", [YES, {**NO, "text": "yes"}], "Two options have the same text."),
    ("multiple", [NO, MAYBE], "Tick at least one option as correct"),
    ("multiple", [YES, {**MAYBE, "is_correct": True}], "leave at least one unticked."),
    ("true_false", [FALSE, TRUE], "The options must be “True” and “False”"),
    ("true_false", [{**TRUE, "is_correct": False}, FALSE], "Tick exactly one"),
    ("ordering", [YES, NO], "Give 3 to 8 options."),
    ("ordering", [YES, NO, {**NO, "text": "No "}], "Two options have the same text."),
    ("matching", [KITTEN], "Give 2 to 8 options."),
    ("matching", [KITTEN, {"text": "Dog"}], "Give every item its match."),
    ("numeric", [YES], "A number has no options. Delete them."),
]


@pytest.mark.parametrize(("kind", "options"), FITTING)
def test_a_question_of_every_kind_is_added(
    editor: Client, outcome: LearningOutcome, kind: str, options: list[dict[str, Any]]
) -> None:
    number = {"number": "12.5"} if kind == "numeric" else {}
    response = editor.post(url("add"), form(outcome, kind, *options, **number))
    assert response.status_code == 302
    question = Question.objects.get()
    assert [option.text for option in question.options.all()] == [row["text"] for row in options]
    assert question.revisions.count() == 1


@pytest.mark.parametrize(("kind", "options", "words"), FAULTY)
def test_a_question_that_does_not_fit_its_kind_is_refused_in_words(
    editor: Client,
    outcome: LearningOutcome,
    kind: str,
    options: list[dict[str, Any]],
    words: str,
) -> None:
    number = {"number": "1"} if kind == "numeric" else {}
    response = editor.post(url("add"), form(outcome, kind, *options, **number))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Question.objects.exists()


def test_a_number_must_be_given(editor: Client, outcome: LearningOutcome) -> None:
    response = editor.post(url("add"), form(outcome, "numeric"))
    assert response.status_code == 200
    assert "Enter the right number." in response.content.decode()


def test_a_question_needs_an_outcome(editor: Client, outcome: LearningOutcome) -> None:
    response = editor.post(url("add"), {**form(outcome, "single", YES, NO), "outcome": ""})
    assert response.status_code == 200
    assert not Question.objects.exists()


def test_the_words_name_nothing_that_is_right() -> None:
    assert list(question_faults(QuestionKind.SINGLE, [YES, NO])) == []


def test_the_list_says_how_many_questions_an_outcome_has_and_needs(editor: Client) -> None:
    module = make_module("Full", questions=3)
    thin = make_module("Thin", questions=1)
    make_question(module.outcomes.get(), stem="Old?", is_retired=True)
    response = editor.get(url("list"))
    assert response.status_code == 200
    text = response.content.decode()
    assert "3, an assessment draws 2" in text
    assert "1, an assessment draws 2: too few" in text
    assert "Retired" in text
    narrowed = editor.get(url("list"), {"module": thin.pk})
    assert narrowed.status_code == 200
    assert [row.outcome.page.title for row in narrowed.context["object_list"]] == ["Thin"]


@pytest.mark.parametrize(
    ("asked", "stems"),
    [
        ({"q": "crash"}, ["Which crash call?"]),
        ({"kind": "true_false"}, ["Old one?"]),
        ({"is_retired": "true"}, ["Old one?"]),
    ],
)
def test_the_list_is_searched_and_narrowed(
    editor: Client, outcome: LearningOutcome, asked: dict[str, str], stems: list[str]
) -> None:
    make_question(outcome, QuestionKind.SINGLE, YES, NO, stem="Which crash call?")
    make_question(outcome, stem="Old one?", is_retired=True)
    response = editor.get(url("list"), asked)
    assert response.status_code == 200
    assert [row.stem for row in response.context["object_list"]] == stems


def test_the_list_takes_the_same_queries_for_more_questions(
    editor: Client, outcome: LearningOutcome, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_question(outcome, stem=f"Number {number}?")
    editor.get(url("list"))
    with django_assert_max_num_queries(20):
        assert editor.get(url("list")).status_code == 200


def test_changes_are_kept_as_history(editor: Client, outcome: LearningOutcome) -> None:
    editor.post(url("add"), form(outcome, "single", YES, NO))
    question = Question.objects.get()
    option = question.options.first()
    assert option is not None
    data = form(outcome, "ordering", YES, NO, MAYBE, stem="In which order?")
    for number, row in enumerate(question.options.all()):
        data[f"options-{number}-id"] = str(row.pk)
    data["options-INITIAL_FORMS"] = "2"
    assert editor.post(url("edit", question.pk), data).status_code == 302
    question.refresh_from_db()
    assert question.stem == "In which order?"
    assert question.revisions.count() == 2
    assert Option.objects.get(pk=option.pk).key == option.key  # answers go on fitting
    history = editor.get(url("history", question.pk))
    assert history.status_code == 200


def test_deleting_a_question_harms_no_attempt(editor: Client) -> None:
    module = make_module()
    alice = make_trainee()
    attempt = begin(alice, module)
    for question in list(Question.objects.all()):
        assert editor.post(url("delete", question.pk)).status_code == 302
    assert not Question.objects.exists()
    answer_all(alice, attempt, right=True)
    submission = attempts.submit_attempt(
        trainee=alice, attempt_id=attempt.pk, key=uuid.uuid4(), at=NOON
    )
    assert submission.passed


@pytest.mark.parametrize("view", ["list", "add"])
def test_a_trainee_does_not_see_the_bank(client: Client, view: str) -> None:
    client.force_login(make_person("alice@example.org", TRAINEES))
    response = client.get(url(view))
    assert response.status_code == 302  # to the way into the admin, which is closed to her
    assert "/login/" in response["Location"]


def test_the_menu_leads_to_the_bank(editor: Client) -> None:
    response = editor.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200
    assert url("list") in response.content.decode()
