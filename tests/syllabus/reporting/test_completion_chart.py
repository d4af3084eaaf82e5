"""Bars are drawn from published figures, to one scale."""

from __future__ import annotations

from syllabus.reporting.completion_chart import ROW_HEIGHT, charts
from syllabus.reporting.completion_report import Row, Table
from syllabus.reporting.suppression import HIDDEN, figure


def table(*figures):
    rows = tuple(Row(f"Row {n}", each) for n, each in enumerate(figures))
    return Table("Essentials", "Region", rows)


def test_a_bar_is_filled_to_what_is_sure_and_outlined_to_what_may_be():
    (chart,) = charts([table(figure(45), figure(12))])
    assert [(bar.sure, bar.range) for bar in chart.bars] == [
        ("91.84%", "100.00%"),
        ("20.41%", "28.57%"),
    ]


def test_all_small_figures_have_the_same_bar():
    (chart,) = charts([table(figure(1), figure(4), figure(49))])
    one, four, _ = chart.bars
    assert (one.sure, one.range) == (four.sure, four.range) == ("0.00%", "8.16%")


def test_what_is_nobody_or_not_shown_has_no_bar():
    assert charts([table(HIDDEN, figure(0))]) == [None]
    (chart,) = charts([table(HIDDEN, figure(0), figure(5))])
    assert [bar.label for bar in chart.bars] == ["Row 2: 5 to 9"]
    assert chart.height == ROW_HEIGHT


def test_all_charts_of_a_page_have_one_scale():
    first, second = charts([table(figure(99)), table(figure(49))])
    assert first.bars[0].range == "100.00%"
    assert second.bars[0].range == "49.49%"


def test_the_chart_says_in_words_what_it_draws():
    (chart,) = charts([table(figure(3), figure(7), figure(0))])
    assert chart.title == "Completions by region: Essentials"
    assert chart.in_words == "Row 0: fewer than 5; Row 1: 5 to 9"
