"""The pages of the assessment, as a trainee without JavaScript goes through them."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_hub.accounts.models import User
from syllabus import attempts
from syllabus.models import Answer, Attempt, Completion, Question, QuestionKind
from tests.factories.syllabus import (
    answer_all,
    enrol,
    make_module,
    make_question,
    make_trainee,
    read_all,
    right_answer,
)
from tests.syllabus.assessment.assessing import (
    SECRETS,
    address,
    as_form,
    begin_now,
    make_module_of_every_kind,
    position_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client) -> User:
    trainee = make_trainee()
    client.force_login(trainee)
    return trainee


def words_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    main = BeautifulSoup(response.content, "html.parser").find("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def hand_in(client: Client, attempt: Attempt, **fields: str) -> Any:
    return client.post(
        reverse("attempt_submit", args=[attempt.pk]), {"key": uuid.uuid4(), **fields}
    )


def test_someone_signed_out_is_sent_to_sign_in_and_back(client: Client) -> None:
    module = make_module()
    page = reverse("assessment", args=[module.translation_key])
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={page}"


def test_the_rules_are_told_in_words(client: Client, alice: User) -> None:
    module = make_module(time_limit_minutes=20)
    enrol(alice, module)
    read_all(alice, module)
    response = client.get(reverse("assessment", args=[module.translation_key]))
    text = words_of(response)
    assert "There are 2 questions" in text
    assert "you need 2 right answers. That is 80%" in text
    assert "You have 20 minutes from when you begin" in text
    assert "You have 3 attempts left" in text
    assert "no-store" in response["Cache-Control"]


def test_who_has_not_started_the_module_is_told_to(client: Client, alice: User) -> None:
    page = reverse("assessment", args=[make_module().translation_key])
    assert "Start the module first." in words_of(client.get(page))
    assert "Start the module first." in words_of(client.post(page), 409)
    assert not Attempt.objects.exists()


def test_lessons_that_are_left_are_named(client: Client, alice: User) -> None:
    module = make_module()
    enrol(alice, module)
    page = reverse("assessment", args=[module.translation_key])
    assert "Mark these lessons as read first: Lesson 1; Lesson 2." in words_of(client.get(page))
    assert "Begin the assessment" not in words_of(client.post(page), 409)


def test_a_module_without_an_assessment_has_no_such_page(client: Client, alice: User) -> None:
    module = make_module(completion_rule="viewed")
    page = reverse("assessment", args=[module.translation_key])
    assert client.get(page).status_code == 404
    assert client.get(reverse("assessment", args=[uuid.uuid4()])).status_code == 404


def test_beginning_twice_with_the_same_form_begins_once(client: Client, alice: User) -> None:
    module = make_module()
    enrol(alice, module, timezone.now())
    read_all(alice, module, timezone.now())
    page = reverse("assessment", args=[module.translation_key])
    form = {"key": str(uuid.uuid4())}
    first, again = client.post(page, form), client.post(page, form)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"] == address(Attempt.objects.get(), 1)


def test_an_interrupted_attempt_goes_on_at_the_first_unanswered_question(
    client: Client, alice: User
) -> None:
    module = make_module_of_every_kind()
    attempt = begin_now(alice, module)
    page = reverse("assessment", args=[module.translation_key])
    for position in (1, 2, 4):
        form = as_form(right_answer(attempt.paper[position - 1]))
        assert client.post(address(attempt, position), form).status_code == 302
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"] == address(attempt, 3)
    answer_all(alice, attempt, right=True, at=timezone.now())
    assert client.get(page)["Location"] == reverse("attempt", args=[attempt.pk])


def test_every_kind_is_answered_and_shown_again(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module_of_every_kind())
    for position, question in enumerate(attempt.paper, start=1):
        form = as_form(right_answer(question))
        response = client.post(address(attempt, position), form)
        assert response.status_code == 302
        is_last = position == len(attempt.paper)
        after = reverse("attempt", args=[attempt.pk]) if is_last else address(attempt, position + 1)
        assert response["Location"] == after
        page = BeautifulSoup(client.get(address(attempt, position)).content, "html.parser")
        assert controls(page) == {
            name: value if isinstance(value, list) else [value]
            for name, value in form.items()
            if name != "tolerance"
        }
    saved = attempts.latest_answers(attempt)
    assert all(
        saved[n] == attempts.checked(q, right_answer(q))
        for n, q in enumerate(attempt.paper, start=1)
    )
    assert hand_in(client, attempt).status_code == 302
    assert Completion.objects.get().submission.percent == 100


def controls(page: BeautifulSoup) -> dict[str, list[str]]:
    """What the controls of the answer hold, by name; a number without the zeros at its end."""
    form = page.select_one("[data-answer-form]")
    assert form is not None
    held: dict[str, list[str]] = {}
    for box in form.select("input[checked]"):
        held.setdefault(box["name"], []).append(box["value"])
    for option in form.select("option[selected]"):
        held[option.find_parent("select")["name"]] = [option["value"]]
    for text in form.select("input[type=text]"):
        held[text["name"]] = [f"{float(text['value']):.4f}"]
    return {name: sorted(values) for name, values in held.items()}


def test_a_question_has_a_legend_and_native_controls(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module_of_every_kind())
    expected = {
        QuestionKind.SINGLE: "input[type=radio]",
        QuestionKind.MULTIPLE: "input[type=checkbox]",
        QuestionKind.TRUE_FALSE: "input[type=radio]",
        QuestionKind.ORDERING: "select",
        QuestionKind.MATCHING: "select",
        QuestionKind.NUMERIC: "input[inputmode=decimal]",
    }
    for kind, selector in expected.items():
        response = client.get(address(attempt, position_of(attempt, kind)))
        assert response.status_code == 200
        page = BeautifulSoup(response.content, "html.parser")
        name = page.select_one("[data-answer-form] label" if kind == "numeric" else "legend")
        assert name is not None
        assert name.get_text(strip=True) == f"The one about {kind}?"
        assert page.select(f"[data-answer-form] {selector}")


def test_nothing_tells_the_answers_before_the_attempt_is_marked(
    client: Client, alice: User
) -> None:
    attempt = begin_now(alice, make_module_of_every_kind())
    seen = b""
    for position, question in enumerate(attempt.paper, start=1):
        page = address(attempt, position)
        seen += client.get(page).content
        seen += client.post(page, {"chosen": "x"}).content
        seen += client.post(page, {"chosen": "x"}, headers={"Accept": "application/json"}).content
        for form in (as_form(right_answer(question)), {"number": "12"}):
            seen += client.post(page, form, headers={"Accept": "application/json"}).content
        seen += client.get(page).content
    seen += client.get(reverse("attempt", args=[attempt.pk])).content
    seen += hand_in(client, attempt).content  # the numeric answer was changed to a wrong one
    text = seen.decode()
    assert "The one about numeric?" in text
    for secret in (*SECRETS, "sort_order", "is_correct", "option_feedback", "tolerance"):
        assert secret not in text


def test_a_number_that_is_right_is_nowhere_before_it_is_typed(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module_of_every_kind())
    pages = [address(attempt, n) for n in range(1, 7)] + [reverse("attempt", args=[attempt.pk])]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        assert b"73915" not in response.content


def test_controls_stand_in_the_drawn_order_and_carry_no_other_number(
    client: Client, alice: User
) -> None:
    attempt = begin_now(alice, make_module_of_every_kind())
    for kind in (QuestionKind.ORDERING, QuestionKind.MATCHING):
        position = position_of(attempt, kind)
        page = BeautifulSoup(client.get(address(attempt, position)).content, "html.parser")
        names = [select["name"].split("-", 1)[1] for select in page.select("select")]
        assert names == [option["key"] for option in attempt.paper[position - 1]["options"]]
        assert not page.select("option[selected]:not([value=''])")
        orders = {
            tuple(o["value"] for o in select.select("option")) for select in page.select("select")
        }
        assert len(orders) == 1  # every item offers the same in the same order


def test_handing_in_names_what_is_unanswered_and_asks_to_confirm(
    client: Client, alice: User
) -> None:
    attempt = begin_now(alice, make_module_of_every_kind())
    client.post(address(attempt, 2), as_form(right_answer(attempt.paper[1])))
    page = reverse("attempt", args=[attempt.pk])
    assert "Hand in without an answer to questions 1, 3, 4, 5, 6" in words_of(client.get(page))
    refused = words_of(hand_in(client, attempt), 422)
    assert "There is a problem" in refused
    assert "Answer questions 1, 3, 4, 5, 6, or confirm" in refused
    assert hand_in(client, attempt, confirmed="on").status_code == 302
    text = words_of(client.get(page))
    assert "You gave 1 right answer to 6 questions. That is 16%." in text
    assert "The pass mark is 80%, which is 5 right answers." in text


def test_the_result_says_why_and_what_to_do_next(client: Client, alice: User) -> None:
    module = make_module()
    attempt = begin_now(alice, module)
    answer_all(alice, attempt, right=False, at=timezone.now())
    hand_in(client, attempt)
    text = words_of(client.get(reverse("attempt", args=[attempt.pk])))
    assert "You did not pass this time" in text
    assert "You have 2 attempts left." in text
    assert "To read again You gave a wrong answer about these" in text
    assert "Recognise 0" in text
    assert "You chose “False”. No: read lesson 1 again." in text
    assert "The right answer True" in text
    assert "It is so because it is so." in text


def test_who_passed_is_led_to_the_certificate(client: Client, alice: User) -> None:
    attempt = begin_now(alice, make_module())
    answer_all(alice, attempt, right=True, at=timezone.now())
    hand_in(client, attempt)
    response = client.get(reverse("attempt", args=[attempt.pk]))
    assert "You passed" in words_of(response)
    address_of_it = Completion.objects.get().certificate.get_absolute_url()
    assert address_of_it in response.content.decode()


def test_out_of_attempts_says_when_to_come_back(client: Client, alice: User) -> None:
    module = make_module(attempts_allowed=1, cooling_off_hours=48)
    attempt = begin_now(alice, module)
    hand_in(client, attempt, confirmed="on")
    page = reverse("assessment", args=[module.translation_key])
    for text in (words_of(client.get(page)), words_of(client.post(page), 409)):
        assert "You have used all your attempts. You can start this module again on" in text
    result = words_of(client.get(reverse("attempt", args=[attempt.pk])))
    assert "You can start this module again from" in result


def test_after_the_wait_the_way_leads_back_to_the_module(client: Client, alice: User) -> None:
    module = make_module(attempts_allowed=1, cooling_off_hours=1)
    attempt = begin_now(alice, module, ago=dt.timedelta(hours=5))
    past = timezone.now() - dt.timedelta(hours=4)
    attempts.submit_attempt(trainee=alice, attempt_id=attempt.pk, key=uuid.uuid4(), at=past)
    page = reverse("assessment", args=[module.translation_key])
    assert "You can now start the module again." in words_of(client.get(page))


def test_who_has_completed_the_module_is_told_so(client: Client, alice: User) -> None:
    module = make_module()
    attempt = begin_now(alice, module)
    answer_all(alice, attempt, right=True, at=timezone.now())
    hand_in(client, attempt)
    page = reverse("assessment", args=[module.translation_key])
    assert "You have completed this module." in words_of(client.get(page))


def test_what_changes_in_the_bank_changes_nothing_in_an_attempt(
    client: Client, alice: User
) -> None:
    module = make_module()
    attempt = begin_now(alice, module)
    before = [client.get(address(attempt, n)).context["form"].question for n in (1, 2)]
    Question.objects.all().delete()
    make_question(module.outcomes.get(), stem="Quite another question?")
    after = [client.get(address(attempt, n)).context["form"].question for n in (1, 2)]
    assert after == before
    answer_all(alice, attempt, right=True, at=timezone.now())
    assert hand_in(client, attempt).status_code == 302
    assert "You passed" in words_of(client.get(reverse("attempt", args=[attempt.pk])))


def test_an_answer_saved_in_the_background_is_acknowledged_without_a_page(
    client: Client, alice: User
) -> None:
    attempt = begin_now(alice, make_module())
    page, form = address(attempt, 1), as_form(right_answer(attempt.paper[0]))
    saved = client.post(page, form, headers={"Accept": "application/json"})
    assert (saved.status_code, saved.content) == (204, b"")
    refused = client.post(page, {"chosen": "x"}, headers={"Accept": "application/json"})
    assert refused.status_code == 422
    assert json.loads(refused.content) == {"error": "Choose one of the answers."}
    assert Answer.objects.count() == 1


def test_after_time_the_result_is_one_button_away(client: Client, alice: User) -> None:
    module = make_module(time_limit_minutes=10)
    attempt = begin_now(alice, module, ago=dt.timedelta(minutes=11))
    overview = reverse("attempt", args=[attempt.pk])
    assert client.get(address(attempt, 1)).status_code == 302
    assert "Time is up." in words_of(client.get(overview))
    assert client.get(reverse("assessment", args=[module.translation_key]))["Location"] == overview
    assert hand_in(client, attempt).status_code == 302
    assert "Your time ended on" in words_of(client.get(overview))


@pytest.mark.parametrize("questions", [5, 50])
def test_saving_takes_at_most_eight_queries_whatever_the_number_of_questions(
    client: Client, alice: User, django_assert_num_queries: Any, questions: int
) -> None:
    outcomes = questions // 5
    module = make_module(outcomes=outcomes, questions=5, questions_per_outcome=5)
    attempt = begin_now(alice, module)
    form = {**as_form(right_answer(attempt.paper[0])), "key": str(uuid.uuid4())}
    client.get(address(attempt, 1))  # what is kept after the first request
    with django_assert_num_queries(8):  # of which two are the test's savepoint
        assert client.post(address(attempt, 1), form).status_code == 302
    with django_assert_num_queries(7):  # a form sent again writes nothing
        again = client.post(address(attempt, 1), form, headers={"Accept": "application/json"})
    assert again.status_code == 204


@pytest.mark.parametrize("questions", [5, 50])
def test_a_question_page_takes_at_most_twelve_queries(
    client: Client, alice: User, django_assert_max_num_queries: Any, questions: int
) -> None:
    module = make_module(outcomes=questions // 5, questions=5, questions_per_outcome=5)
    attempt = begin_now(alice, module)
    client.get(address(attempt, 1))
    with django_assert_max_num_queries(12):
        assert client.get(address(attempt, 1)).status_code == 200
