"""Merging: everything that had one term has the other, once, and nothing is lost."""

from __future__ import annotations

import pytest
from wagtail.models import ReferenceIndex

from case_studies.models import Adoption
from learning_hub.taxonomy import usage
from learning_hub.taxonomy.merging import CannotMerge, merge_terms
from learning_hub.taxonomy.models import (
    EvidenceLevel,
    FormerOffice,
    Grade,
    Region,
    Setting,
    Specialty,
    TraineeStage,
)
from learning_hub.taxonomy.signals import term_pages_changed
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced():
    """The page ids that merges announced."""
    heard = []

    def hear(sender, page_ids, **kwargs):
        heard.append((sender, page_ids))

    term_pages_changed.connect(hear)
    yield heard
    term_pages_changed.disconnect(hear)


def slugs(study, field):
    study = type(study).objects.get(pk=study.pk)
    return sorted(term.slug for term in getattr(study, field).all())


def merge(model, source, target):
    return merge_terms(source=model.objects.get(slug=source), target=model.objects.get(slug=target))


def test_pages_that_had_the_one_have_the_other():
    study = make_case_study(specialties=["urology"])
    merger = merge(Specialty, "urology", "general-surgery")
    assert slugs(study, "specialties") == ["general-surgery"]
    assert merger.page_ids == (study.pk,)


def test_a_page_that_had_both_has_it_once():
    study = make_case_study(specialties=["urology", "general-surgery"])
    merge(Specialty, "urology", "general-surgery")
    through = type(study).specialties.through.objects.filter(casestudypage=study)
    assert [row.specialty.slug for row in through] == ["general-surgery"]


def test_single_terms_of_pages_and_of_their_rows_change_too():
    study = make_case_study(evidence="level-3", regions=["london"])
    study.adoptions.add(
        Adoption(organisation="Calder", region=Region.objects.get(slug="south-west"))
    )
    study.save()
    merge(EvidenceLevel, "level-3", "level-2")
    merger = merge(Region, "south-west", "south-east")
    study = type(study).objects.get(pk=study.pk)
    assert study.evidence_level.slug == "level-2"
    assert study.adoptions.get().region.slug == "south-east"
    assert merger.page_ids == (study.pk,)


def test_the_admins_record_of_references_follows():
    study = make_case_study(evidence="level-3")
    merge(EvidenceLevel, "level-3", "level-2")
    target = EvidenceLevel.objects.get(slug="level-2")
    assert str(study.pk) in ReferenceIndex.get_references_to(target).values_list(
        "object_id", flat=True
    )


def test_the_source_stays_as_another_name():
    merge(Setting, "ambulance", "acute")
    merge(Setting, "acute", "cross-sector")
    target = Setting.objects.get(slug="cross-sector")
    assert Setting.objects.get(slug="ambulance").merged_into == target
    assert Setting.objects.get(slug="acute").merged_into == target


def test_former_offices_and_grades_move_along():
    merge(Region, "south-west", "south-east")
    assert FormerOffice.objects.get(slug="south-west-office").region.slug == "south-east"
    merge(TraineeStage, "core", "lower-specialty")
    assert Grade.objects.get(code="CT1").stage.slug == "lower-specialty"


def test_terms_of_a_merged_group_move_along_and_their_pages_are_announced(announced):
    study = make_case_study(specialties=["clinical-radiology"])
    merge(Specialty, "radiology", "medicine")
    assert Specialty.objects.get(slug="clinical-radiology").parent.slug == "medicine"
    assert announced == [(Specialty, [study.pk])]


def test_changed_pages_are_announced_in_order(announced):
    studies = [make_case_study(f"Study {n}", specialties=["urology"]) for n in range(3)]
    make_case_study("Another", specialties=["cardiology"])
    merge(Specialty, "urology", "general-surgery")
    assert announced == [(Specialty, sorted(study.pk for study in studies))]


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("urology", "urology", "into itself"),
        ("surgery", "urology", "is a group"),
        ("surgery", "cardiology", "is a group"),
        ("allergy", "urology", "merged already"),
        ("urology", "allergy", "itself merged"),
    ],
)
def test_a_senseless_merge_is_refused(source, target, reason):
    merge(Specialty, "allergy", "dermatology")
    with pytest.raises(CannotMerge, match=reason):
        merge(Specialty, source, target)


def test_terms_of_different_vocabularies_are_not_merged():
    with pytest.raises(CannotMerge, match="same vocabulary"):
        merge_terms(
            source=Region.objects.get(slug="london"), target=Setting.objects.get(slug="acute")
        )


def test_a_refused_merge_changes_nothing():
    study = make_case_study(specialties=["urology"])
    with pytest.raises(CannotMerge):
        merge(Specialty, "surgery", "urology")
    assert slugs(study, "specialties") == ["urology"]


def test_a_merge_needs_no_more_queries_for_more_pages(django_assert_max_num_queries):
    for number in range(4):
        make_case_study(f"Study {number}", specialties=["urology", "general-surgery"])
    # Five kinds of page hold specialties; each asks a fixed number, however many pages there are.
    with django_assert_max_num_queries(53):
        merge(Specialty, "urology", "general-surgery")


def test_usage_counts_each_page_once_in_one_query(django_assert_num_queries):
    study = make_case_study(regions=["london", "south-west"])
    london = Region.objects.get(slug="london")
    study.adoptions.add(Adoption(organisation="Calder", region=london))
    study.save()
    make_case_study("Another", regions=["london"])
    with django_assert_num_queries(1):
        counts = usage.page_counts(Region)
    assert counts[london.pk] == 2
    assert sum(counts.values()) == 3


def test_an_old_revision_that_names_a_merged_term_can_be_published():
    study = make_case_study(specialties=["urology"])
    old = study.save_revision()
    merge(Specialty, "urology", "general-surgery")
    old.publish()
    assert slugs(study, "specialties") == ["general-surgery"]


def test_an_old_revision_that_names_a_deleted_term_can_be_opened_and_published():
    study = make_case_study(specialties=["urology", "allergy"])
    old = study.save_revision()
    study.specialties = list(Specialty.objects.filter(slug="urology"))
    study.save_revision().publish()
    Specialty.objects.get(slug="allergy").delete()
    assert [term.slug for term in old.as_object().specialties.all()] == ["urology"]
    old.publish()
    assert slugs(study, "specialties") == ["urology"]
