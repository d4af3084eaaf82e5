"""The structured rows of a study: what they refuse, and what the database refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from case_studies.models import KitFile, Outcome, Reach, RelatedStudy
from case_studies.rows import Design
from tests.factories.case_studies import make_case_study, make_document

pytestmark = pytest.mark.django_db


def test_a_change_is_follow_up_less_baseline():
    assert Outcome(baseline=Decimal("12.5"), follow_up=Decimal("18")).change == Decimal("5.5")


def test_a_change_needs_both_values():
    assert Outcome(baseline=None, follow_up=Decimal("18")).change is None
    assert Outcome(baseline=Decimal("18"), follow_up=None).change is None


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ({"eligible": 10, "took_part": 11}, "took_part"),
        ({"took_part": 5, "completed": 6}, "completed"),
    ],
)
def test_more_cannot_take_part_or_finish_than_could(numbers, field):
    row = Reach(study=make_case_study(), group="Higher trainees", **numbers)
    with pytest.raises(ValidationError) as refusal:
        row.clean()
    assert list(refusal.value.message_dict) == [field]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_unknown_numbers_of_reach_are_accepted():
    row = Reach(study=make_case_study(), group="Higher trainees", took_part=4)
    row.full_clean()
    row.save()
    assert row.pk


def test_a_study_cannot_name_the_same_related_study_twice():
    study, other = make_case_study(), make_case_study("Another study")
    RelatedStudy.objects.create(study=study, related=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        RelatedStudy.objects.create(study=study, related=other)


def test_a_study_is_not_related_to_itself():
    study = make_case_study()
    with pytest.raises(ValidationError) as refusal:
        RelatedStudy(study=study, related=study).clean()
    assert "related" in refusal.value.message_dict


def test_rows_are_called_by_what_they_hold():
    study = make_case_study()
    document = make_document("Session plan")
    assert str(Outcome(measure="Cases", design=Design.RECORDS)) == "Cases"
    assert str(Reach(group="Core trainees")) == "Core trainees"
    assert str(KitFile(document=document)) == "Session plan"
    assert str(RelatedStudy(related=study)) == study.title
