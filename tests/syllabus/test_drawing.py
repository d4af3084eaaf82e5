"""Drawing a paper from the question bank."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from syllabus.drawing import SHOWN, draw, shown
from syllabus.models import Question, QuestionKind
from syllabus.refusals import ModuleNotOpen
from tests.factories.syllabus import make_module, make_question
from tests.syllabus.assessment.assessing import make_module_of_every_kind

pytestmark = pytest.mark.django_db


def test_a_paper_has_the_wanted_number_of_questions_of_each_outcome() -> None:
    module = make_module(outcomes=3, questions=5, questions_per_outcome=2)
    paper = draw(module, random.Random(1))
    assert Counter(question["outcome"] for question in paper) == {
        "Recognise 0": 2,
        "Recognise 1": 2,
        "Recognise 2": 2,
    }
    assert len({question["question"] for question in paper}) == 6


def test_the_same_chance_draws_the_same_paper_and_another_draws_another() -> None:
    module = make_module(outcomes=2, questions=8)
    assert draw(module, random.Random(7)) == draw(module, random.Random(7))
    assert len({str(draw(module, random.Random(seed))) for seed in range(8)}) > 1


def test_retired_questions_and_those_without_an_outcome_are_not_drawn() -> None:
    module = make_module(questions=2)
    make_question(module.outcomes.get(), stem="Retired?", is_retired=True)
    Question.objects.create(kind=QuestionKind.NUMERIC, stem="Lost?", feedback="-", number=1)
    stems = {q["stem"] for seed in range(20) for q in draw(module, random.Random(seed))}
    assert stems == {"Recognise 0, 0: is it so?", "Recognise 0, 1: is it so?"}


def test_a_bank_that_is_too_small_closes_the_assessment() -> None:
    module = make_module(outcomes=2, questions=2)
    Question.objects.filter(outcome=module.outcomes.first()).update(is_retired=True)
    with pytest.raises(ModuleNotOpen):
        draw(module, random.Random(1))


def test_every_order_of_the_options_comes_up() -> None:
    module = make_module_of_every_kind()
    orders: dict[str, set[tuple[str, ...]]] = {}
    for seed in range(60):
        for question in draw(module, random.Random(seed)):
            texts = tuple(option["text"] for option in question["options"])
            orders.setdefault(question["kind"], set()).add(texts)
    assert len(orders["single"]) == 2
    assert len(orders["multiple"]) == 6
    assert len(orders["ordering"]) > 10
    assert orders["true_false"] == {("True", "False")}


def test_what_is_shown_holds_no_answer() -> None:
    for question in draw(make_module_of_every_kind(), random.Random(3)):
        assert set(shown(question)) == set(SHOWN)
        assert not {"answer", "feedback", "option_feedback", "tolerance"} & set(SHOWN)


def test_drawing_takes_the_same_queries_for_more_questions(
    django_assert_num_queries: Any,
) -> None:
    module = make_module(outcomes=4, questions=6)
    with django_assert_num_queries(3):
        draw(module, random.Random(1))
