"""Answers of every kind: what fits a question, and what is right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllabus.models import QuestionKind
from syllabus.refusals import ResponseNotUnderstood
from syllabus.responses import checked, is_correct

KEYS = st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=8, unique=True)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["chosen", "order", "pairs", "number", "a", "m0"]), inner)
    ),
    max_leaves=12,
)


def question(kind: str, keys: list[str], answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "options": [{"key": key, "text": key.upper()} for key in keys],
        "matches": [{"key": f"m{n}", "text": str(n)} for n in range(len(keys))],
        "answer": answer,
    }


@given(keys=KEYS, data=st.data())
def test_all_that_apply_is_right_when_exactly_those_are_chosen(
    keys: list[str], data: st.DataObject
) -> None:
    right = data.draw(st.sets(st.sampled_from(keys), min_size=1))
    chosen = data.draw(st.lists(st.sampled_from(keys), min_size=1))
    asked = question(QuestionKind.MULTIPLE, keys, {"chosen": sorted(right)})
    assert is_correct(asked, checked(asked, {"chosen": chosen})) == (set(chosen) == right)


@given(keys=KEYS, data=st.data())
@pytest.mark.parametrize("kind", [QuestionKind.SINGLE, QuestionKind.TRUE_FALSE])
def test_one_of_several_is_right_when_that_one_is_chosen(
    kind: QuestionKind, keys: list[str], data: st.DataObject
) -> None:
    right, chosen = data.draw(st.sampled_from(keys)), data.draw(st.sampled_from(keys))
    asked = question(kind, keys, {"chosen": [right]})
    assert is_correct(asked, checked(asked, {"chosen": [chosen]})) == (chosen == right)


@given(keys=KEYS, data=st.data())
def test_an_order_is_right_when_every_item_has_its_place(
    keys: list[str], data: st.DataObject
) -> None:
    given_order = data.draw(st.permutations(keys))
    asked = question(QuestionKind.ORDERING, keys, {"order": keys})
    assert is_correct(asked, checked(asked, {"order": given_order})) == (given_order == keys)


@given(keys=KEYS, data=st.data())
def test_pairs_are_right_when_every_one_is(keys: list[str], data: st.DataObject) -> None:
    matches = [f"m{n}" for n in range(len(keys))]
    right = dict(sorted(zip(keys, data.draw(st.permutations(matches)), strict=True)))
    pairs = {key: data.draw(st.sampled_from(matches)) for key in reversed(keys)}
    asked = question(QuestionKind.MATCHING, keys, {"pairs": right})
    assert is_correct(asked, checked(asked, {"pairs": pairs})) == (pairs == right)


@given(
    right=st.decimals(-1000, 1000, places=4),
    tolerance=st.decimals(0, 10, places=4),
    typed=st.decimals(-1100, 1100, places=4),
)
def test_a_number_is_right_within_its_tolerance(
    right: Decimal, tolerance: Decimal, typed: Decimal
) -> None:
    asked = question(QuestionKind.NUMERIC, [], {"number": str(right), "tolerance": str(tolerance)})
    response = checked(asked, {"number": f"{typed:f}"})
    assert is_correct(asked, response) == (abs(typed - right) <= tolerance)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12.50", "12.5"),
        (" 7 ", "7"),
        ("0,5", "0.5"),
        (".5", "0.5"),
        ("1,000", "1000"),
        ("12,345.5", "12345.5"),
        ("−3", "-3"),
        ("-0", "0"),
        ("+4", "4"),
    ],
)
def test_a_number_is_kept_in_one_way_of_writing(typed: str, kept: str) -> None:
    asked = question(QuestionKind.NUMERIC, [], {})
    assert checked(asked, {"number": typed}) == {"number": kept}


@pytest.mark.parametrize(
    "typed", ["", "x", "1e5", "1e-999999", "Infinity", "sNaN", "1_0", "1 2", "9" * 21, "9" * 13]
)
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    with pytest.raises(ResponseNotUnderstood, match="Enter a number"):
        checked(question(QuestionKind.NUMERIC, [], {}), {"number": typed})


@given(kind=st.sampled_from(list(QuestionKind)), response=ANYTHING)
def test_anything_at_all_is_either_understood_or_refused(kind: str, response: Any) -> None:
    asked = question(kind, ["a", "b", "c"], {})
    try:
        fitting = checked(asked, response)
    except ResponseNotUnderstood:
        return
    assert checked(asked, fitting) == fitting


@given(value=ANYTHING)
@pytest.mark.parametrize("kind", list(QuestionKind))
def test_any_value_in_the_right_place_is_either_understood_or_refused(
    kind: QuestionKind, value: Any
) -> None:
    name = {"ordering": "order", "matching": "pairs", "numeric": "number"}.get(kind, "chosen")
    pairs = dict.fromkeys("abc", value) if name == "pairs" else value
    asked = question(kind, ["a", "b", "c"], {})
    try:
        fitting = checked(asked, {name: pairs})
    except ResponseNotUnderstood:
        return
    assert checked(asked, fitting) == fitting


def test_no_answer_is_a_wrong_answer() -> None:
    for kind in QuestionKind:
        assert not is_correct(question(kind, ["a"], {"chosen": ["a"]}), None)


def test_the_same_answer_is_kept_in_one_way_however_it_was_given() -> None:
    asked = question(QuestionKind.MULTIPLE, ["a", "b", "c"], {})
    one, other = (checked(asked, {"chosen": chosen}) for chosen in (["a", "c"], ["c", "a", "c"]))
    assert one == other
