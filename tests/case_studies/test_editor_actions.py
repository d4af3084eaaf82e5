"""What the admin does with a study besides its form: schedule, approve, preview, compare, copy."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, TaskState
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from case_studies.models import CaseStudyPage, RelatedStudy
from learning_hub.media.models import HubDocument, HubImage
from learning_hub.taxonomy.models import EvidenceLevel, Region, Specialty
from tests.case_studies.editing import (
    add_url,
    complete,
    edit_url,
    form,
    read_form,
    with_terms,
)
from tests.factories.case_studies import (
    make_case_study,
    make_document,
    make_full_case_study,
    make_library,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_scheduling_an_incomplete_study_is_refused(editor):
    later = timezone.localtime() + dt.timedelta(days=3)
    data = form(go_live_at=f"{later:%Y-%m-%d %H:%M}", **{"action-publish": "yes"})
    response = editor.post(add_url(), data)
    assert response.status_code == 200
    assert "Before you publish, add: specialty" in response.content.decode()


def test_a_complete_study_is_scheduled(editor):
    later = timezone.localtime() + dt.timedelta(days=3)
    data = form(go_live_at=f"{later:%Y-%m-%d %H:%M}", **{"action-publish": "yes"})
    assert editor.post(add_url(), with_terms(data, **complete())).status_code == 302
    study = CaseStudyPage.objects.get()
    assert (study.live, study.status_string) == (False, "scheduled")


def test_publishing_incomplete_drafts_in_bulk_says_what_is_missing(editor):
    editor.post(add_url(), form())
    study = CaseStudyPage.objects.get()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = editor.post(f"{address}?id={study.pk}", follow=True)
    assert response.status_code == 200
    assert "was not published. Before you publish, add: specialty" in response.content.decode()
    study.refresh_from_db()
    assert not study.live


def test_approving_a_study_that_became_incomplete_says_what_is_missing(editor):
    data = with_terms(form(**{"action-submit": "yes"}), **complete())
    assert editor.post(add_url(), data).status_code == 302
    study = CaseStudyPage.objects.get()
    study.specialties = []
    study.save_revision(clean=False)
    task = study.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[study.pk, "approve", task.pk])
    response = editor.post(address, {"comment": ""}, headers={"X-Requested-With": "XMLHttpRequest"})
    assert response.status_code == 200
    assert response.json()["redirect"] == edit_url(study)
    study.refresh_from_db()
    assert not study.live
    assert TaskState.objects.get(pk=task.pk).status == TaskState.STATUS_IN_PROGRESS


def test_an_approved_study_goes_live(editor):
    data = with_terms(form(**{"action-submit": "yes"}), **complete())
    assert editor.post(add_url(), data).status_code == 302
    study = CaseStudyPage.objects.get()
    task = study.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[study.pk, "approve", task.pk])
    assert editor.post(address, {"comment": ""}).status_code in (200, 302)
    study.refresh_from_db()
    assert study.live


def test_an_empty_draft_is_previewed(editor):
    address = reverse(
        "wagtailadmin_pages:preview_on_add",
        args=["case_studies", "casestudypage", make_library().pk],
    )
    answer = editor.post(address, form())
    assert answer.json() == {"is_valid": True, "is_available": True}
    response = editor.get(address)
    assert response.status_code == 200
    html = response.content.decode()
    assert "Lists on Saturdays" in html
    assert "Not rated yet" in html


def test_a_preview_shows_what_is_not_saved_yet(editor):
    study = make_full_case_study()
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[study.pk])
    data = read_form(editor, study)
    data["one_line_result"] = "Something quite new"
    data.setlist("regions", [str(Region.objects.get(slug="midlands").pk)])
    data["cost_per_trainee"] = "3000"
    assert editor.post(address, data).json()["is_valid"] is True
    html = editor.get(address).content.decode()
    assert "Something quite new" in html
    assert "region=midlands" in html
    assert "£2,000 or more" in html
    assert CaseStudyPage.objects.get(pk=study.pk).one_line_result != "Something quite new"


def test_a_saved_draft_does_not_change_the_live_page(editor):
    study = make_full_case_study()
    data = read_form(editor, study)
    data["title"] = "A new title"
    assert editor.post(edit_url(study), data).status_code == 302
    response = Client().get(study.url)
    assert response.status_code == 200
    html = response.content.decode()
    assert "A new title" not in html
    assert "Saturday theatre lists" in html


def test_compare_shows_a_change_of_every_kind(editor):
    study = make_full_case_study()
    first = study.save_revision()
    study = study.get_latest_revision_as_object()
    study.title, study.one_line_result, study.problem = "New", "Newer", "<p>Other</p>"
    study.started_on, study.status = dt.date(2020, 1, 1), "stopped"
    study.cost_per_trainee, study.is_illustrative = 3, False
    study.evidence_level = EvidenceLevel.objects.get(slug="level-4")
    study.image = HubImage.objects.create(title="Simulator", file=get_test_image_file())
    study.specialties = list(Specialty.objects.filter(slug__in=["general-surgery"]))
    study.needs = []
    study.body = [("heading", "New"), ("table", {"caption": "C", "rows": "a|b"})]
    study.outcomes.first().measure = "Other measure"
    study.reach, study.adoptions = [], []
    study.kit_files.first().document = make_document("Second plan")
    study.chosen_related = [RelatedStudy(related=make_case_study("Other"))]
    second = study.save_revision()
    for pair in ((first.pk, second.pk), (second.pk, first.pk), ("earliest", "latest"),
                 ("live", second.pk)):  # fmt: skip
        address = reverse("wagtailadmin_pages:revisions_compare", args=[study.pk, *pair])
        response = editor.get(address)
        assert response.status_code == 200
    assert "General surgery" in response.content.decode()


def test_an_old_revision_with_a_file_that_was_deleted_is_still_read(editor):
    study = make_full_case_study()
    old = study.save_revision()
    study.kit_files = []
    study.save_revision().publish()
    HubDocument.objects.all().delete()
    for name, args in (
        ("revisions_compare", [study.pk, old.pk, "latest"]),
        ("revisions_view", [study.pk, old.pk]),
        ("revisions_revert", [study.pk, old.pk]),
    ):
        response = editor.get(reverse(f"wagtailadmin_pages:{name}", args=args))
        assert response.status_code == 200, name


def test_a_study_is_copied_in_the_admin(editor):
    study = make_full_case_study(external_id="NW-1")
    address = reverse("wagtailadmin_pages:copy", args=[study.pk])
    data = {
        "new_title": "The copy",
        "new_slug": "the-copy",
        "new_parent_page": study.get_parent().pk,
        "publish_copies": "on",
    }
    assert editor.post(address, data).status_code == 302
    copy = CaseStudyPage.objects.get(slug="the-copy")
    assert (copy.external_id, copy.live, copy.outcomes.count()) == (None, True, 2)


def test_an_alias_is_made_in_the_admin(editor):
    study = make_full_case_study(external_id="NW-1")
    address = reverse("wagtailadmin_pages:copy", args=[study.pk])
    data = {
        "new_title": "The alias",
        "new_slug": "the-alias",
        "new_parent_page": study.get_parent().pk,
        "alias": "on",
    }
    assert editor.post(address, data).status_code == 302
    alias = CaseStudyPage.objects.get(slug="the-alias")
    assert (alias.alias_of_id, alias.external_id) == (study.pk, None)


def test_a_study_is_deleted_with_its_rows(editor):
    study = make_full_case_study()
    address = reverse("wagtailadmin_pages:delete", args=[study.pk])
    assert editor.get(address).status_code == 200
    assert editor.post(address).status_code == 302
    assert not Page.objects.filter(pk=study.pk).exists()
    assert HubDocument.objects.count() == 1


def test_a_file_of_a_kit_cannot_be_deleted_and_says_where_it_is_used(editor):
    make_full_case_study()
    document = HubDocument.objects.get()
    address = reverse("wagtaildocs:delete", args=[document.pk])
    response = editor.get(address)
    assert response.status_code == 200
    assert "prevent" in response.content.decode() or "used" in response.content.decode().lower()
    response = editor.post(address, follow=True)
    assert response.status_code in (200, 403)
    assert HubDocument.objects.filter(pk=document.pk).exists()


def test_a_comment_is_kept_with_the_draft(editor):
    study = make_case_study()
    data = read_form(editor, study)
    comment = {"text": "Which year?", "contentpath": "started_on", "replies": inline_formset([])}
    data.update(nested_form_data({"comments": inline_formset([comment])}))
    assert editor.post(edit_url(study), data).status_code == 302
    assert study.wagtail_admin_comments.get().text == "Which year?"
