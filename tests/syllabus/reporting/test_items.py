"""The item analysis: what editors see of each question, from papers that were handed in."""

from __future__ import annotations

import re
import time
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from syllabus import attempts
from syllabus.models import Attempt, Enrolment, Question, QuestionKind, Submission
from syllabus.reporting.item_analysis import in_words, items
from syllabus.reporting.item_order import in_order
from syllabus.reporting.menus import question_buttons
from syllabus.responses import is_correct
from tests.factories.accounts import make_person
from tests.factories.syllabus import (
    NOON,
    begin,
    make_module,
    make_question,
    make_trainee,
    right_answer,
    wrong_answer,
)
from tests.syllabus.reporting.conftest import _edition

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
URL = "/admin/reports/syllabus-items/"


def sit(module, people, marks):
    """So many new trainees sit the module; `marks` says which papers are right, by stem part."""
    for number in range(people):
        trainee = make_trainee(f"{uuid.uuid4().hex}@example.org")
        attempt = begin(trainee, module)
        for position, question in enumerate(attempt.paper, start=1):
            answer = marks(number, question)
            if answer is not None:
                attempts.save_answer(
                    trainee=trainee,
                    attempt_id=attempt.pk,
                    position=position,
                    key=uuid.uuid4(),
                    response=answer,
                    at=NOON,
                )
        attempts.submit_attempt(trainee=trainee, attempt_id=attempt.pk, key=uuid.uuid4(), at=NOON)


def seven_of_ten(number, question):
    """Seven right, two wrong and one left out, on the first question; all right on the others."""
    if "0:" not in question["stem"] or number < 7:
        return right_answer(question)
    return wrong_answer(question) if number < 9 else None


def row(page, key):
    """The words in a question's row."""
    found = re.search(rf'<tr id="q-{key}">(.*?)</tr>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def show(client, module, **query):
    response = client.get(f"{URL}{module.key}/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_editor_sees_how_each_question_does(client, edith):
    module = make_module()
    sit(module, 10, seven_of_ten)
    first, second = Question.objects.order_by("pk")
    page = show(client, module)
    assert row(page, first.key) == (
        "Recognise 0, 0: is it so? Recognise 0 10 70% no spread 10% False (2 of 10)"
    )
    assert row(page, second.key).endswith("10 100% no spread 0% none")


def test_a_question_on_few_papers_says_too_few_yet(client, edith):
    module = make_module()
    sit(module, 9, seven_of_ten)
    assert row(show(client, module), Question.objects.order_by("pk")[0].key).endswith(
        "9 too few yet too few yet too few yet too few yet"
    )


def test_an_attempt_that_was_not_handed_in_does_not_count():
    module = make_module()
    begin(make_trainee(), module)
    assert {item.tally.drawn for item in items(module.translation_key)} == {0}


def test_the_wrong_answer_reads_as_it_did_on_the_paper():
    module = make_module()
    sit(module, 10, seven_of_ten)
    first = Question.objects.order_by("pk")[0]
    first.options.filter(text="False").update(text="Never")
    assert items(module.translation_key)[0].commonest_wrong == "False (2 of 10)"


def test_a_question_that_was_deleted_keeps_its_row():
    module = make_module()
    sit(module, 10, seven_of_ten)
    Question.objects.order_by("pk")[0].delete()
    last = items(module.translation_key)[-1]
    assert (last.question, last.stem, last.is_retired) == (None, "Recognise 0, 0: is it so?", True)
    assert last.difficulty == "70%"


def test_another_module_s_papers_do_not_count():
    module, other = make_module(), make_module("Another")
    sit(other, 10, seven_of_ten)
    assert {item.tally.drawn for item in items(module.translation_key)} == {0}


@pytest.mark.parametrize(
    ("response", "words"),
    [
        ('{"chosen": ["b", "a"]}', "One; Two"),
        ('{"order": ["b", "a"]}', "Two, then One"),
        ('{"pairs": {"a": "m0", "b": "m1"}}', "One: Left; Two: Right"),
        ('{"number": "12.5"}', "12.5 mg"),
    ],
)
def test_every_kind_of_answer_can_be_read(response, words):
    printed = {
        "options": [{"key": "a", "text": "One"}, {"key": "b", "text": "Two"}],
        "matches": [{"key": "m0", "text": "Left"}, {"key": "m1", "text": "Right"}],
        "unit": "mg",
    }
    assert in_words(printed, response) == words


def test_questions_sort_with_the_unknown_last():
    module = make_module(questions=3)
    sit(module, 15, seven_of_ten)
    found = items(module.translation_key)
    by_difficulty = [item.tally.difficulty for item in in_order(found, "hardest")]
    known = [share for share in by_difficulty if share is not None]
    assert known == sorted(known)
    assert by_difficulty[: len(known)] == known
    drawn = [item.tally.drawn for item in in_order(found, "drawn")]
    assert drawn == sorted(drawn, reverse=True)


@pytest.mark.parametrize("order", ["bank", "hardest", "discrimination", "unanswered", "drawn"])
def test_every_order_can_be_chosen(client, edith, order):
    page = show(client, make_module(), sort=order)
    assert page.count('aria-current="true"') == 1
    assert "no such order" not in page


@pytest.mark.parametrize("order", ["alphabet", "\x00", "x" * 5000])
def test_an_unknown_order_is_ignored_and_said_so(client, edith, order):
    assert "no such order" in show(client, make_module(), sort=order)


def test_an_unknown_module_is_not_found(client, edith):
    assert client.get(f"{URL}{uuid.uuid4()}/").status_code == 404


def test_a_question_leads_to_its_line(client, edith):
    module = make_module()
    question = Question.objects.order_by("pk")[0]
    response = client.get(f"{URL}questions/{question.key}/")
    assert response.status_code == 302
    assert response.url == f"{URL}{module.key}/#q-{question.key}"


def test_a_question_without_a_module_leads_to_the_list(client, edith):
    make_module()
    question = Question.objects.order_by("pk")[0]
    Question.objects.filter(pk=question.pk).update(outcome=None)
    response = client.get(f"{URL}questions/{question.key}/")
    assert (response.status_code, response.url) == (302, URL)
    assert client.get(f"{URL}questions/{uuid.uuid4()}/").status_code == 404


def test_the_button_in_the_list_of_questions_is_for_editors(edith):
    make_module()
    question = Question.objects.order_by("pk")[0]
    (button,) = question_buttons(question, edith)
    assert button.url == f"{URL}questions/{question.key}/"
    assert list(question_buttons(question, make_person("mo@example.org", "Moderators"))) == []
    assert list(question_buttons(edith, edith)) == []


def test_the_list_counts_the_papers_of_each_module(client, edith):
    module = make_module("Essentials")
    sit(module, 2, seven_of_ten)
    response = client.get(URL)
    assert response.status_code == 200
    assert f'href="{URL}{module.key}/"' in response.content.decode()
    assert "<td>2</td>" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", [URL, f"{URL}{uuid.UUID(int=1)}/"])
def test_without_the_right_the_analysis_is_refused(client, path):
    client.force_login(
        make_person("mo@example.org", "Moderators"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    response = client.get(path)
    assert response.status_code == 302
    assert response.url == "/admin/"


def test_reports_stand_in_the_menu_of_those_who_may(client, chief):
    response = client.get("/admin/")
    assert response.status_code == 200
    assert reverse("syllabus_completions") in response.content.decode()
    assert reverse("syllabus_item_modules") in response.content.decode()


def many_papers(module, count, questions=20):
    """Rows as handing in makes them, in bulk."""
    users = [make_person(f"{uuid.uuid4().hex}@example.org")]
    bank = [make_question(module.outcomes.get(), QuestionKind.SINGLE) for _ in range(questions)]
    paper = [_printed(question) for question in bank]
    edition, key = _edition(module), module.translation_key
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(trainee=users[0], module_key=key, number=n, key=uuid.uuid4(), started_at=NOON)
        for n in range(count)
    )
    papers = Attempt.objects.bulk_create(
        Attempt(
            enrolment=each,
            number=1,
            key=uuid.uuid4(),
            edition=edition,
            paper=paper,
            pass_percent=80,
            started_at=NOON,
        )
        for each in enrolments
    )
    Submission.objects.bulk_create(_submission(each, n) for n, each in enumerate(papers))


def _printed(question):
    options = [{"key": str(o.key), "text": o.text} for o in question.options.all()]
    return {
        "question": str(question.key),
        "outcome": "Recognise 0",
        "kind": "single",
        "stem": question.stem,
        "options": options,
        "matches": [],
        "unit": "",
        "answer": {"chosen": [options[0]["key"]]},
    }


def _submission(attempt, number):
    marks = []
    for place, question in enumerate(attempt.paper):
        response = {"chosen": [question["options"][(number * (place + 1)) % 7 < 2]["key"]]}
        marks.append(
            {
                "position": place + 1,
                "question": question["question"],
                "response": response,
                "is_correct": is_correct(question, response),
            }
        )
    return Submission(
        attempt=attempt,
        key=uuid.uuid4(),
        submitted_at=NOON,
        correct=sum(mark["is_correct"] for mark in marks),
        total=len(marks),
        passed=False,
        marks=marks,
    )


def queries(client, module):
    show(client, module)
    with CaptureQueriesContext(connection) as asked:
        show(client, module)
    return len(asked)


def test_queries_do_not_grow_with_questions_and_papers(client, edith):
    small, large = make_module("Small"), make_module("Large")
    many_papers(small, 2, questions=2)
    many_papers(large, 60, questions=20)
    assert queries(client, large) == queries(client, small) <= 20


@pytest.mark.slow
def test_five_thousand_papers_are_read_in_reasonable_time():
    module = make_module()
    many_papers(module, 5000)
    started = time.process_time()  # what else the machine does is not in it
    found = items(module.translation_key)
    assert time.process_time() - started < 5
    assert sum(item.tally.drawn for item in found) == 100_000
