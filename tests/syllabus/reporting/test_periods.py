"""Training years: whole months that have ended, and never two that overlap."""

from __future__ import annotations

import datetime as dt
import itertools

from syllabus.reporting.periods import training_years


def at(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_the_running_year_ends_with_the_last_month_that_ended():
    year = training_years(None, at(2026, 3, 2))[0]
    assert str(year) == "August 2025 to February 2026"
    assert len(year.months) == 7


def test_in_august_the_year_before_is_the_latest():
    years = training_years(at(2025, 9, 1), at(2026, 8, 31, 12))
    assert [str(year) for year in years] == ["August 2025 to July 2026"]


def test_in_september_a_year_of_one_month_begins():
    years = training_years(at(2025, 9, 1), at(2026, 9, 1, 12))
    assert [str(year) for year in years] == [
        "August 2026 to August 2026",
        "August 2025 to July 2026",
    ]


def test_years_follow_each_other_without_a_gap_or_an_overlap():
    years = training_years(at(2021, 1, 1), at(2026, 3, 2))
    assert [year.key for year in years] == ["2025", "2024", "2023", "2022", "2021", "2020"]
    assert all(a.starts_at == b.ends_at for a, b in itertools.pairwise(years))


def test_a_month_begins_at_midnight_in_london():
    year = training_years(None, at(2026, 3, 2))[0]
    assert year.starts_at == at(2025, 7, 31, 23)
    assert year.ends_at == at(2026, 3, 1, 0)


def test_a_completion_of_this_month_alone_does_not_bring_a_year_to_come():
    assert [y.key for y in training_years(at(2026, 8, 5), at(2026, 8, 9))] == ["2025"]
