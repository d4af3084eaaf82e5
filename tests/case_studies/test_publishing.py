"""No study is seen before search can find it by every facet, whichever way it is published."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageLogEntry

from case_studies.models import CaseStudyPage
from case_studies.publishing import NEEDED, lacking
from learning_hub.media.models import HubImage
from learning_hub.pages.refused_publication import NotReadyToPublish
from learning_hub.taxonomy.models import Region, Specialty
from tests.factories.case_studies import make_case_study, make_library

pytestmark = pytest.mark.django_db


def make_draft(**fields):
    return make_library().add_child(
        instance=CaseStudyPage(
            title="An idea", one_line_result="To come", organisation="A trust", live=False, **fields
        )
    )


def test_a_complete_study_lacks_nothing():
    assert lacking(make_case_study()) == {}


def test_an_empty_draft_is_saved_and_lacks_every_facet():
    draft = make_draft()
    draft.save_revision(clean=False)
    assert lacking(draft) == NEEDED


@pytest.mark.parametrize("field", NEEDED)
def test_each_facet_is_needed(field):
    study = make_case_study()
    setattr(study, field, None if field in ("evidence_level", "started_on") else [])
    with pytest.raises(NotReadyToPublish) as refusal:
        study.save()
    assert field in refusal.value.message_dict
    assert NEEDED[field] in refusal.value.sentence


def test_one_message_names_everything_that_is_missing():
    study = make_case_study()
    study.specialties, study.regions, study.stages = [], [], []
    with pytest.raises(NotReadyToPublish) as refusal:
        study.save()
    assert refusal.value.sentence == "Before you publish, add: specialty, region and trainee stage."


def test_a_new_live_study_without_facets_is_refused():
    with pytest.raises(NotReadyToPublish):
        make_library().add_child(
            instance=CaseStudyPage(title="An idea", one_line_result="x", organisation="y")
        )
    assert not CaseStudyPage.objects.exists()


def test_publishing_an_incomplete_revision_is_refused_and_changes_nothing():
    draft = make_draft()
    revision = draft.save_revision(clean=False)
    with pytest.raises(NotReadyToPublish):
        revision.publish()
    draft.refresh_from_db()
    assert not draft.live


def test_an_incomplete_draft_of_a_live_study_leaves_the_live_one_alone():
    study = make_case_study()
    study.specialties = []
    revision = study.save_revision(clean=False)
    with pytest.raises(NotReadyToPublish):
        revision.publish()
    assert [term.slug for term in CaseStudyPage.objects.get().specialties.all()] == ["urology"]


def test_an_incomplete_study_cannot_be_scheduled():
    draft = make_draft()
    draft.go_live_at = timezone.now() + dt.timedelta(days=1)
    revision = draft.save_revision(clean=False)
    with pytest.raises(NotReadyToPublish):
        revision.publish()
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_a_complete_study_goes_live_on_its_date():
    study = make_case_study(live=False)
    study.go_live_at = timezone.now() + dt.timedelta(days=1)
    revision = study.save_revision()
    revision.publish()
    study.refresh_from_db()
    assert not study.live
    make_due(revision)
    call_command("publish_scheduled")
    study.refresh_from_db()
    assert study.live


def test_a_scheduled_study_that_became_incomplete_returns_to_draft_and_others_go_live():
    gone, fine = make_case_study("Gone", live=False), make_case_study("Fine", live=False)
    for study in (gone, fine):
        study.go_live_at = timezone.now() + dt.timedelta(days=1)
        revision = study.save_revision()
        revision.publish()
        make_due(revision)
    incomplete = gone.get_latest_revision()
    incomplete.content["specialties"] = []
    incomplete.save()

    call_command("publish_scheduled")

    gone.refresh_from_db()
    fine.refresh_from_db()
    incomplete.refresh_from_db()
    assert (gone.live, fine.live) == (False, True)
    assert incomplete.approved_go_live_at is None
    assert PageLogEntry.objects.filter(page=gone.pk, action="wagtail.schedule.cancel").exists()


def make_due(revision):
    past = timezone.now() - dt.timedelta(minutes=1)
    revision.refresh_from_db()
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()


@pytest.mark.parametrize(
    ("alternative", "is_decorative", "is_ready"),
    [("", False, False), ("Two surgeons at a simulator", False, True), ("", True, True)],
)
def test_a_picture_needs_words_or_a_mark_that_it_is_decorative(
    picture, alternative, is_decorative, is_ready
):
    study = make_case_study(live=False)
    study.image, study.image_alt_text = picture, alternative
    study.image_is_decorative = is_decorative
    assert ("image_alt_text" not in lacking(study)) is is_ready


def test_saving_replaces_a_merged_term_by_the_one_it_became():
    urology = Specialty.objects.get(slug="urology")
    general = Specialty.objects.get(slug="general-surgery")
    study = make_case_study()
    Specialty.objects.filter(pk=urology.pk).update(merged_into=general)
    study = CaseStudyPage.objects.get()
    study.save()
    assert list(CaseStudyPage.objects.get().specialties.all()) == [general]


def test_publishing_an_old_revision_does_not_bring_a_merged_term_back():
    study = make_case_study(specialties=["urology", "general-surgery"])
    old = study.save_revision()
    urology = Specialty.objects.get(slug="urology")
    general = Specialty.objects.get(slug="general-surgery")
    Specialty.objects.filter(pk=urology.pk).update(merged_into=general)
    old.publish()
    assert list(CaseStudyPage.objects.get().specialties.all()) == [general]


def test_an_adoption_in_a_merged_region_moves_with_it():
    study = make_case_study()
    london, midlands = (Region.objects.get(slug=slug) for slug in ("london", "midlands"))
    study.adoptions.create(organisation="Another trust", region=london)
    revision = study.save_revision()
    Region.objects.filter(pk=london.pk).update(merged_into=midlands)
    revision.publish()
    assert CaseStudyPage.objects.get().adoptions.get().region == midlands


def test_a_study_cannot_end_before_it_started():
    with pytest.raises(Exception, match="cannot end before"):
        make_case_study(started_on=dt.date(2022, 1, 1), ended_on=dt.date(2021, 1, 1))


def test_a_copy_leaves_the_imported_name_with_the_original():
    study = make_case_study(external_id="NW-12")
    copy = study.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=True)
    assert (copy.external_id, CaseStudyPage.objects.get(pk=study.pk).external_id) == (None, "NW-12")
    assert [term.slug for term in copy.specialties.all()] == ["urology"]


def test_an_alias_follows_its_original_without_its_imported_name():
    study = make_case_study(external_id="NW-12")
    alias = study.create_alias(update_slug="alias")
    study.title = "A better title"
    study.save_revision().publish()
    alias.refresh_from_db()
    assert (alias.title, alias.external_id) == ("A better title", None)
    assert [term.slug for term in alias.specialties.all()] == ["urology"]


@pytest.fixture
def picture():
    return HubImage.objects.create(title="Simulator", file=get_test_image_file())
