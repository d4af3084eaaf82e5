"""The assessment in a real browser: by keyboard, without scripts, and when the network fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from syllabus import attempts
from syllabus.models import Answer, Attempt, Completion, QuestionKind
from tests.browser.conftest import NARROW, WIDE, Visit, Watch, assert_fits
from tests.browser.keyboard import tab_to
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

Check = Callable[[Page], None]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_page_of_the_assessment_is_accessible_and_fits(
    look: Visit,
    watches: dict[Page, Watch],
    assert_accessible: Check,
    width: int,
    javascript: bool,
) -> None:
    alice, module = make_trainee(), make_module_of_every_kind(time_limit_minutes=20)
    enrol(alice, module, timezone.now())
    read_all(alice, module, timezone.now())
    rules = reverse("assessment", args=[module.translation_key])
    page = look(rules, width=width, javascript=javascript, user=alice)
    assert_accessible(page)
    page.get_by_role("button", name="Begin the assessment").click()
    attempt = Attempt.objects.get()
    for position, question in enumerate(attempt.paper, start=1):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Question {position} of 6")
        assert_accessible(page)
        assert_fits(page)
        if position < 4:
            fill(page, as_form(right_answer(question)))
            page.get_by_role("button", name="Save and continue").click()
        else:
            page.get_by_role("link", name="Next question").or_(
                page.get_by_role("link", name="All questions and handing in")
            ).first.click()
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    watches[page].expected_status = 422
    page.get_by_role("button", name="Hand in").click()  # refused: three are not answered
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Hand in without an answer to questions 4, 5, 6").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You did not pass this time")
    assert_accessible(page)
    assert_fits(page)


def fill(page: Page, form: dict[str, Any]) -> None:
    """Give an answer with the controls."""
    for name, value in form.items():
        if name == "chosen":
            for key in value:
                page.locator(f'input[value="{key}"]').check()
        elif name == "number":
            page.locator('input[name="number"]').fill(str(value))
        elif name != "tolerance":
            page.locator(f'select[name="{name}"]').select_option(str(value))


def test_the_whole_assessment_by_keyboard_alone(visit: Visit) -> None:
    alice, module = make_trainee(), make_module()
    attempt = begin_now(alice, module)
    page = visit(reverse("assessment", args=[module.translation_key]), user=alice)
    heading = page.get_by_role("heading", level=1)
    for number in range(1, len(attempt.paper) + 1):
        expect(heading).to_contain_text(f"Question {number} of 2")
        tab_to(page, "input[type=radio]")
        page.keyboard.press("Space")  # “True”, which is right
        tab_to(page, "button[value=next]")
        page.keyboard.press("Enter")
    expect(heading).to_contain_text("Your answers")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(heading).to_contain_text("You passed")
    assert Completion.objects.count() == 1


def test_an_answer_is_saved_as_it_is_given(visit: Visit) -> None:
    alice = make_trainee()
    attempt = begin_now(alice, make_module_of_every_kind())
    for kind in QuestionKind:
        position = position_of(attempt, kind)
        right = right_answer(attempt.paper[position - 1])
        page = visit(address(attempt, position), user=alice)
        fill(page, as_form(right))
        expect(page.locator("[data-answer-status]")).to_have_text("Saved")
        assert attempts.latest_answers(attempt)[position] == attempts.checked(
            attempt.paper[position - 1], right
        )


def test_a_change_back_to_an_earlier_answer_is_the_one_that_counts(visit: Visit) -> None:
    alice = make_trainee()
    attempt = begin_now(alice, make_module())
    page = visit(address(attempt, 1), user=alice)
    status = page.locator("[data-answer-status]")
    for number, text in enumerate(["True", "False", "True"], start=1):
        page.get_by_label(text).check()
        expect(status).to_have_text("Saved")
        assert Answer.objects.count() == number
    assert attempts.latest_answers(attempt)[1] == attempt.paper[0]["answer"]


def test_a_failed_save_is_said_and_tried_again_when_the_network_is_back(
    visit: Visit, watches: dict[Page, Watch]
) -> None:
    alice = make_trainee()
    attempt = begin_now(alice, make_module())
    page = visit(address(attempt, 1), user=alice)
    page.context.set_offline(True)
    page.get_by_label("True").check()
    status = page.locator("[data-answer-status]")
    expect(status).to_contain_text("Not saved yet.")
    assert not Answer.objects.exists()
    page.context.set_offline(False)
    expect(status).to_have_text("Saved")
    assert Answer.objects.count() == 1
    forget_network_errors(watches[page])


def forget_network_errors(watch: Watch) -> None:
    """Being offline is an error that the test made itself."""
    watch.complaints[:] = [each for each in watch.complaints if "ERR_INTERNET" not in each]


def test_the_forms_own_button_saves_what_the_background_could_not(
    visit: Visit, watches: dict[Page, Watch]
) -> None:
    alice = make_trainee()
    attempt = begin_now(alice, make_module())
    page = visit(address(attempt, 1), user=alice)
    page.context.set_offline(True)
    page.get_by_label("True").check()
    expect(page.locator("[data-answer-status]")).to_contain_text("Not saved yet.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2 of 2")
    assert attempts.latest_answers(attempt) == {1: attempt.paper[0]["answer"]}
    forget_network_errors(watches[page])


def test_an_answer_in_the_background_after_the_end_says_so(
    visit: Visit, watches: dict[Page, Watch]
) -> None:
    alice = make_trainee()
    attempt = begin_now(alice, make_module())
    page = visit(address(attempt, 1), user=alice)
    answer_all(alice, attempt, right=True, at=timezone.now())
    attempts.submit_attempt(trainee=alice, attempt_id=attempt.pk, key=attempt.pk, at=timezone.now())
    watches[page].expected_status = 409
    page.get_by_label("False").check()
    expect(page.locator("[data-answer-status]")).to_contain_text("This attempt has ended")


def test_the_time_counts_down_and_ends_in_words(visit: Visit) -> None:
    alice = make_trainee()
    module = make_module(time_limit_minutes=1)
    attempt = begin_now(alice, module, ago=dt.timedelta(seconds=45))
    page = visit(address(attempt, 1), user=alice)
    expect(page.locator("[data-time-left]")).to_have_text("You have less than a minute left.")
    expect(page.locator("[data-time-up]")).to_be_hidden()
    expect(page.locator("[data-time-up]")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Go to your answers").click()
    expect(page.get_by_role("button", name="See your result")).to_be_visible()
