"""The cost band follows from the cost for one trainee, at every save."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import QueryDict

from case_studies import library
from case_studies.money import cost_band_for, in_pounds
from learning_hub.pages.visibility import ANYONE
from learning_hub.taxonomy.models import CostBand
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("pounds", "slug"),
    [
        (None, "not-reported"),
        ("0", "under-100"),
        ("99.99", "under-100"),
        ("100", "100-to-499"),
        ("499.99", "100-to-499"),
        ("500", "500-to-1999"),
        ("2000", "2000-or-more"),
        ("9999999.99", "2000-or-more"),
    ],
)
def test_a_cost_falls_in_the_band_that_starts_nearest_below_it(pounds, slug):
    band = cost_band_for(None if pounds is None else Decimal(pounds))
    assert band.slug == slug


def test_a_retired_band_is_passed_over():
    CostBand.objects.filter(slug="500-to-1999").update(is_retired=True)
    assert cost_band_for(Decimal("700")).slug == "100-to-499"


def test_without_bands_there_is_none():
    CostBand.objects.all().delete()
    assert cost_band_for(Decimal("700")) is None


def test_every_save_sets_the_band():
    study = make_case_study(cost_per_trainee=Decimal("250"))
    assert study.cost_band.slug == "100-to-499"
    study.cost_per_trainee = None
    study.save()
    study.refresh_from_db()
    assert study.cost_band.slug == "not-reported"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "£0"), ("250.50", "£250.50"), ("1250.00", "£1,250"), ("1234567.8", "£1,234,567.80")],
)
def test_an_amount_has_pence_only_where_there_are_any(amount, text):
    assert in_pounds(Decimal(amount)) == text


def test_studies_follow_when_an_editor_moves_the_bounds_of_a_band(search_index):
    study = make_case_study(cost_per_trainee=Decimal("150"))
    other = make_case_study("Another", cost_per_trainee=Decimal("50"))
    assert find("cost=100-to-499") == [study.pk]
    band = CostBand.objects.get(slug="100-to-499")
    band.from_pounds = Decimal("200")
    band.save()
    study.refresh_from_db()
    assert study.cost_band.slug == "under-100"
    assert find("cost=under-100") == [study.pk, other.pk]
    assert find("cost=100-to-499") == []


def find(address: str) -> list[int]:
    """The ids that the library finds at this address."""
    found = library.find(QueryDict(address), ANYONE).results.hits
    return sorted(hit.id for hit in found)
