"""The vocabularies as migrated, and the rules that every term keeps."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from learning_hub.taxonomy.models import (
    Capability,
    CostBand,
    EvidenceLevel,
    FormerOffice,
    Grade,
    ImpactType,
    InterventionType,
    Region,
    Setting,
    Specialty,
    TermInUse,
    TraineeStage,
    TrainingNeed,
    VocabularyRevision,
)
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db


def stamp():
    return VocabularyRevision.objects.get().stamp


def test_sixty_five_specialties_stand_in_groups():
    ungrouped = Specialty.objects.filter(parent=None, narrower_terms=None)
    within_groups = Specialty.objects.filter(parent__isnull=False)
    assert ungrouped.count() + within_groups.count() == 65
    surgery = Specialty.objects.get(slug="surgery")
    assert surgery.narrower_terms.count() == 10
    assert surgery.narrower_terms.filter(slug="urology").exists()


def test_seven_regions_and_national_remember_their_former_offices():
    names = list(Region.objects.values_list("name", flat=True))
    assert names == [
        "East of England",
        "London",
        "Midlands",
        "North East and Yorkshire",
        "North West",
        "South East",
        "South West",
        "National",
    ]
    assert FormerOffice.objects.get(slug="wessex").region.slug == "south-east"
    assert FormerOffice.objects.count() == 13


def test_seven_intervention_types_have_the_letters_examples_as_narrower_terms():
    groups = InterventionType.objects.filter(parent=None)
    assert groups.count() == 7
    assert set(InterventionType.objects.exclude(parent=None).values_list("name", flat=True)) == {
        "Courses",
        "Train the trainer",
        "Simulation",
        "Extra clinic time",
        "Extra theatre time",
        "Drop-in educator sessions",
    }


def test_seventeen_grades_stand_in_six_stages():
    assert TraineeStage.objects.count() == 6
    assert Grade.objects.count() == 17
    assert Grade.objects.get(code="ST3").stage.slug == "higher-specialty"
    higher = TraineeStage.objects.get(slug="higher-specialty")
    assert [grade.code for grade in higher.grades.all()] == [
        "ST3",
        "ST4",
        "ST5",
        "ST6",
        "ST7",
        "ST8",
    ]


def test_evidence_is_ranked_from_lasting_effect_to_no_effect():
    levels = EvidenceLevel.objects.order_by("-strength").values_list("code", flat=True)
    assert list(levels) == ["4", "3", "2", "NL2", "NE"]


def test_the_other_vocabularies_are_whole():
    assert ImpactType.objects.count() == 10
    assert Setting.objects.count() == 17
    assert TrainingNeed.objects.count() == 28
    assert Capability.objects.filter(parent=None).count() == 4
    assert CostBand.objects.filter(from_pounds=None).count() == 1
    assert CostBand.objects.count() == 5


def test_a_new_term_goes_to_the_end_of_its_group():
    surgery = Specialty.objects.get(slug="surgery")
    last = surgery.narrower_terms.last()
    new = Specialty.objects.create(name="Hand surgery", slug="hand-surgery", parent=surgery)
    assert new.position == last.position + 10
    assert surgery.narrower_terms.last() == new


def test_only_terms_that_are_neither_retired_nor_merged_are_offered():
    Setting.objects.filter(slug="other").update(is_retired=True)
    Setting.objects.filter(slug="ambulance").update(
        merged_into=Setting.objects.get(slug="cross-sector")
    )
    offered = set(Setting.objects.offered().values_list("slug", flat=True))
    assert "acute" in offered
    assert not offered & {"other", "ambulance"}


def test_groups_are_listed_with_their_terms_after_them():
    slugs = list(Specialty.objects.in_order().values_list("slug", flat=True))
    assert slugs[:4] == [
        "anaesthesia",
        "anaesthetics",
        "intensive-care-medicine",
        "emergency-medicine",
    ]
    place = slugs.index("surgery")
    group = {term.slug for term in Specialty.objects.get(slug="surgery").narrower_terms.all()}
    assert set(slugs[place + 1 : place + 11]) == group


@pytest.mark.parametrize("column", ["parent", "merged_into"])
def test_the_database_refuses_a_term_that_refers_to_itself(column):
    urology = Specialty.objects.get(slug="urology")
    with pytest.raises(IntegrityError), transaction.atomic():
        Specialty.objects.filter(pk=urology.pk).update(**{column: urology})


def test_there_is_no_third_level():
    urology = Specialty.objects.get(slug="urology")
    with pytest.raises(ValidationError, match="Choose a group"):
        Specialty(name="Andrology", slug="andrology", parent=urology).full_clean()
    surgery = Specialty.objects.get(slug="surgery")
    surgery.parent = Specialty.objects.get(slug="medicine")
    with pytest.raises(ValidationError, match="keep it one"):
        surgery.full_clean()


def test_a_term_that_a_page_uses_cannot_be_deleted():
    make_case_study(specialties=["urology"])
    with pytest.raises(TermInUse, match="“Urology” is in use"):
        Specialty.objects.get(slug="urology").delete()
    assert Specialty.objects.filter(slug="urology").exists()


def test_a_bulk_deletion_spares_terms_that_are_in_use():
    make_case_study(specialties=["urology"])
    with pytest.raises(TermInUse):
        Specialty.objects.filter(slug__in=["urology", "allergy"]).delete()
    assert Specialty.objects.filter(slug__in=["urology", "allergy"]).count() == 2


def test_a_group_with_terms_cannot_be_deleted_but_an_unused_term_can():
    with pytest.raises(TermInUse):
        Specialty.objects.get(slug="surgery").delete()
    Specialty.objects.get(slug="allergy").delete()
    assert not Specialty.objects.filter(slug="allergy").exists()


def test_a_region_without_pages_goes_with_its_former_offices():
    Region.objects.get(slug="south-west").delete()
    assert not FormerOffice.objects.filter(slug="south-west-office").exists()


def rename():
    region = Region.objects.get(slug="london")
    region.name = "Greater London"
    region.save()


def rename_an_office():
    office = FormerOffice.objects.get(slug="wessex")
    office.name = "Wessex and the Isle of Wight"
    office.save()


@pytest.mark.parametrize(
    "change",
    [
        rename,
        rename_an_office,
        lambda: Region.objects.create(name="Wales", slug="wales"),
        lambda: Region.objects.get(slug="london").delete(),
        lambda: Region.objects.filter(slug="london").delete(),
        lambda: Region.objects.filter(slug="london").update(is_retired=True),
        lambda: Region.objects.bulk_create([Region(name="Wales", slug="wales")]),
        lambda: FormerOffice.objects.get(slug="wessex").delete(),
        lambda: FormerOffice.objects.filter(slug="wessex").delete(),
        lambda: FormerOffice.objects.filter(slug="wessex").update(name="Wessex area"),
        lambda: Grade.objects.filter(code="F1").update(name="Foundation 1"),
    ],
)
def test_every_change_of_a_vocabulary_is_counted(change):
    before = stamp()
    change()
    assert stamp() != before


def test_a_number_that_was_rolled_back_does_not_come_again_with_the_same_stamp():
    with transaction.atomic():
        rename()
        rolled_back = stamp()
        transaction.set_rollback(True)
    rename()
    assert stamp() != rolled_back
