"""The citation, and the words and steps of the evidence."""

from __future__ import annotations

import datetime as dt

import pytest

from case_studies.citation import citation
from case_studies.evidence import evidence_of
from learning_hub.taxonomy.models import EvidenceLevel


def cite(**changes):
    values = {
        "title": "Saturday lists",
        "organisation": "Wharfe Valley",
        "published_at": dt.datetime(2024, 3, 1, 9, tzinfo=dt.UTC),
        "updated_at": dt.datetime(2025, 5, 3, 9, tzinfo=dt.UTC),
        "url": "https://hub.example/case-studies/saturday-lists/",
        "on": dt.date(2026, 11, 22),
    }
    return citation(**{**values, **changes})


def test_a_citation_is_one_line_in_the_vancouver_order():
    assert cite() == (
        "Wharfe Valley. Saturday lists [case study]. Learning Hub; 2024 "
        "[updated 3 May 2025; cited 22 November 2026]. "
        "Available from: https://hub.example/case-studies/saturday-lists/"
    )


def test_a_study_that_never_changed_has_no_date_of_change():
    same_day = dt.datetime(2024, 3, 1, 15, tzinfo=dt.UTC)
    assert "updated" not in cite(updated_at=same_day)


def test_a_draft_has_no_year():
    assert "Learning Hub [cited 22 November 2026]" in cite(published_at=None, updated_at=None)


def test_a_year_is_that_of_london():
    new_year = dt.datetime(2024, 12, 31, 23, 30, tzinfo=dt.UTC)
    assert "; 2024 " in cite(published_at=new_year)


@pytest.mark.parametrize(
    ("strength", "filled"), [(5, 4), (4, 3), (3, 2), (2, 1), (1, 0), (0, 0), (9, 4)]
)
def test_stronger_evidence_fills_more_steps(strength, filled):
    evidence = evidence_of(EvidenceLevel(strength=strength, name="A level", slug="a-level"))
    assert sum(evidence.filled) == filled
    assert evidence.has_steps is bool(filled)


def test_a_draft_without_a_level_has_no_evidence():
    assert evidence_of(None) is None
