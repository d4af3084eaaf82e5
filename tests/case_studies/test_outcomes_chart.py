"""Outcomes in figures, words and bars, whatever the numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from case_studies.outcomes_chart import outcome_views, with_unit
from case_studies.rows import Design, Outcome


def view(baseline, follow_up, unit="cases", *, higher_is_better=True):
    return outcome_views(
        [
            Outcome(
                measure="Cases for each trainee",
                unit=unit,
                baseline=None if baseline is None else Decimal(baseline),
                follow_up=None if follow_up is None else Decimal(follow_up),
                design=Design.RECORDS,
                higher_is_better=higher_is_better,
            )
        ]
    )[0]


def test_a_rise_is_drawn_to_scale_from_zero():
    outcome = view("12", "18")
    assert outcome.zero == "0.00%"
    assert [(bar.start, bar.width) for bar in outcome.bars] == [
        ("0.00%", "66.67%"),
        ("0.00%", "100.00%"),
    ]


def test_a_percentage_is_drawn_on_a_scale_to_a_hundred():
    assert [bar.width for bar in view("40", "85", "%").bars] == ["40.00%", "85.00%"]


def test_a_percentage_above_a_hundred_stretches_the_scale():
    assert [bar.width for bar in view("50", "200", "%").bars] == ["25.00%", "100.00%"]


def test_a_negative_value_is_drawn_to_the_left_of_zero():
    outcome = view("-10", "30")
    assert outcome.zero == "25.00%"
    assert [(bar.start, bar.width) for bar in outcome.bars] == [
        ("0.00%", "25.00%"),
        ("25.00%", "75.00%"),
    ]


def test_two_negative_values_end_at_zero_on_the_right():
    outcome = view("-10", "-5")
    assert outcome.zero == "100.00%"
    assert outcome.bars[1].start == "50.00%"


def test_zeros_have_bars_of_no_width_and_do_not_divide_by_zero():
    outcome = view("0", "0", higher_is_better=False)
    assert [bar.width for bar in outcome.bars] == ["0.00%", "0.00%"]
    assert (outcome.change, outcome.verdict) == ("no change", "")


def test_a_huge_value_keeps_within_the_width():
    outcome = view("1", "9999999999.99")
    assert outcome.bars[1].width == "100.00%"
    assert outcome.follow_up == "9,999,999,999.99 cases"


def test_a_missing_value_is_said_and_not_drawn():
    outcome = view(None, "18")
    assert (outcome.bars[0].width, outcome.baseline) == (None, "not measured")
    assert (outcome.change, outcome.verdict) == ("", "")
    assert outcome.has_bars


def test_nothing_measured_has_no_bars():
    assert not view(None, None).has_bars


@pytest.mark.parametrize(
    ("baseline", "follow_up", "higher_is_better", "verdict"),
    [
        ("12", "18", True, "better"),
        ("18", "12", True, "worse"),
        ("41", "12", False, "better"),
        ("12", "41", False, "worse"),
        ("12", "12", True, ""),
    ],
)
def test_the_verdict_follows_the_direction_of_better(
    baseline, follow_up, higher_is_better, verdict
):
    assert view(baseline, follow_up, higher_is_better=higher_is_better).verdict == verdict


def test_the_words_say_all_that_the_bars_show():
    assert view("41", "12.50", "days", higher_is_better=False).in_words == (
        "Cases for each trainee: 41 days before, 12.5 days afterwards; "
        "down 28.5 days, which is better."
    )


def test_a_change_between_percentages_is_in_percentage_points():
    assert view("40", "85", "%").change == "up 45 percentage points"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "cases", "not measured"),
        ("100", "cases", "100 cases"),
        ("1200.00", "£", "£1,200"),
        ("-3", "£", "−£3"),
        ("-3.10", "days", "−3.1 days"),
        ("0.05", "%", "0.05%"),
        ("7", "", "7"),
        ("0.00", "", "0"),
    ],
)
def test_a_value_is_written_with_its_unit(value, unit, text):
    assert with_unit(None if value is None else Decimal(value), unit) == text
