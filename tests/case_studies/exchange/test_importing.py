"""Importing: what becomes of rows, new and known, and what is never touched."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry, PageLogEntry, ReferenceIndex, Revision
from wagtail.signals import page_published

from case_studies.exchange.importing import Options, import_studies
from case_studies.exchange.sheets import json_row, read_file
from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from learning_hub.accounts.models import User
from learning_hub.taxonomy.merging import merge_terms
from learning_hub.taxonomy.models import Setting, Specialty
from tests.case_studies.exchange.conftest import Import


def study():
    return CaseStudyPage.objects.get(external_id="demo-sim-001")


def test_a_row_becomes_a_published_study_with_all_that_it_says(importing, row):
    said = importing([row])
    page = study()
    assert "1 added, 0 changed, 0 unchanged; 0 with problems" in said
    assert page.live
    assert not page.has_unpublished_changes
    assert page.slug == "simulated-theatre-lists-for-urology-trainees"
    assert page.started_on == dt.date(2021, 9, 1)
    assert page.cost_per_trainee == Decimal("420.50")
    assert page.cost_band.slug == "100-to-499"
    assert page.evidence_level.slug == "level-2"
    assert page.is_illustrative
    assert [term.slug for term in page.needs.all()] == ["c3"]
    assert "<li>two cancelled courses</li>" in page.problem
    assert [block.block_type for block in page.body] == ["heading", "paragraph"]
    outcome, reach, adoption = page.outcomes.get(), page.reach.get(), page.adoptions.get()
    assert (outcome.baseline, outcome.follow_up, outcome.number_measured) == (22, 36, 18)
    assert (reach.eligible, reach.took_part, reach.completed) == (24, 20, 18)
    assert adoption.region.slug == "north-east-and-yorkshire"


def test_history_revisions_and_references_are_as_after_the_editor(importing, row):
    heard = []

    def hear(sender, instance, revision, **kwargs):
        heard.append((instance.pk, revision.pk))

    page_published.connect(hear)
    try:
        importing([row])
    finally:
        page_published.disconnect(hear)
    page = study()
    assert page.latest_revision == page.live_revision == page.revisions.get()
    assert page.latest_revision.as_object().outcomes.get().measure == page.outcomes.get().measure
    assert page.first_published_at
    assert page.last_published_at
    assert heard == [(page.pk, page.live_revision_id)]
    actions = PageLogEntry.objects.filter(page=page.pk).values_list("action", flat=True)
    assert sorted(actions) == ["wagtail.create", "wagtail.publish"]
    assert ReferenceIndex.objects.filter(object_id=str(page.pk)).exists()


def test_the_tree_is_sound_after_an_import(importing, library, row):
    importing([row | {"external_id": f"s-{n}", "title": f"Study {n}"} for n in range(3)])
    library.refresh_from_db()
    assert library.numchild == library.get_children().count() == 3
    assert CaseStudyPage.find_problems() == ([], [], [], [], [])


def test_a_second_run_changes_nothing(importing, row):
    importing([row])
    before = (Revision.objects.count(), PageLogEntry.objects.count(), study().last_published_at)
    said = importing([row])
    assert "0 added, 0 changed, 1 unchanged" in said
    after = (Revision.objects.count(), PageLogEntry.objects.count(), study().last_published_at)
    assert after == before


def test_a_changed_row_is_a_new_published_revision(importing, row):
    importing([row])
    row["one_line_result"] = "Trainees did 20 more"
    row["outcomes"] = []
    said = importing([row])
    page = study()
    assert "1 changed" in said
    assert page.one_line_result == "Trainees did 20 more"
    assert not page.outcomes.exists()
    assert page.revisions.count() == 2
    assert page.live
    assert not page.has_unpublished_changes


def test_fields_that_the_file_lacks_stay_and_empty_ones_are_emptied(importing, row):
    importing([row])
    short = {name: row[name] for name in ("external_id", "title", "one_line_result")}
    importing([short | {"organisation": row["organisation"], "funding_source": "", "why": None}])
    page = study()
    assert (page.funding_source, page.why) == ("", "")
    assert page.lessons
    assert page.outcomes.exists()
    assert page.specialties.get().slug == "urology"


def test_drafts_are_not_published_and_may_be_incomplete(importing, row):
    del row["specialties"], row["evidence_level"], row["started_on"]
    said = importing([row], draft=True)
    page = study()
    assert "1 added" in said
    assert not page.live
    assert page.latest_revision
    assert importing([row], draft=True).count("1 unchanged") == 1
    assert page.revisions.count() == 1


def test_a_draft_is_published_by_an_import_that_publishes(importing, row):
    importing([row], draft=True)
    assert "1 changed" in importing([row])
    assert study().live


def test_a_draft_change_leaves_the_published_study_as_it_is(importing, row):
    importing([row])
    row["title"] = "Another title"
    importing([row], draft=True)
    page = study()
    assert page.live
    assert page.has_unpublished_changes
    assert page.title != "Another title" == page.draft_title
    assert importing([row], draft=True).count("1 unchanged") == 1


def test_what_visitors_need_is_needed_to_publish(importing, row):
    row |= {"specialties": [], "evidence_level": None}
    said = importing.refused([row])
    assert "Row 1, specialties: It is empty. Choose at least one specialty." in said
    assert "Row 1, evidence_level: It is empty." in said
    assert not CaseStudyPage.objects.exists()


def test_an_unpublished_study_stays_unpublished(importing, row):
    importing([row])
    study().unpublish()
    assert "1 stay unpublished" in importing([row])
    row["title"] = "Another title"
    importing([row])
    assert not study().live
    assert study().get_latest_revision_as_object().title == "Another title"


def test_an_editors_unpublished_changes_are_not_swept_away(importing, row):
    importing([row])
    editor = User.objects.create_user(email="editor@example.org", password="x")
    page = study()
    page.title = "What the editor is writing"
    page.save_revision(user=editor)
    assert "1 unchanged" in importing([row])
    row["title"] = "Another title"
    assert "An editor has changes that are not published" in importing.refused([row])
    assert study().get_latest_revision_as_object().title == "What the editor is writing"


def test_a_locked_study_is_a_problem(importing, row):
    importing([row])
    CaseStudyPage.objects.update(locked=True)
    row["title"] = "Another title"
    assert "locked" in importing.refused([row])


def test_one_bad_row_stops_the_whole_file(importing, row):
    bad = row | {"external_id": "bad", "status": "paused"}
    said = importing.refused([row, bad])
    assert "Row 2, status: “paused” is not one of the choices." in said
    assert "Use one of: running, completed, stopped." in said
    assert "Nothing was changed." in said
    assert not CaseStudyPage.objects.exists()


def test_good_rows_are_kept_where_that_is_asked_for(importing, row):
    bad = row | {"external_id": "bad", "status": "paused"}
    said = importing.refused([bad, row], keep_good_rows=True)
    assert "1 added" in said
    assert "1 with problems" in said
    assert "The rows with problems were not imported." in said
    assert CaseStudyPage.objects.get().external_id == "demo-sim-001"


def test_a_dry_run_changes_nothing_and_says_what_would_be(importing, row):
    said = importing([row], dry_run=True)
    assert "Would be: 1 added" in said
    assert not CaseStudyPage.objects.exists()
    assert not Revision.objects.exists()


def test_what_the_models_still_refuse_rolls_everything_back(importing, row, monkeypatch):
    monkeypatch.setattr(CaseStudyPage, "clean", _refuse_second)
    second = row | {"external_id": "second", "title": "Refused at the last moment"}
    said = importing.refused([row, second])
    assert "Row 2: It is refused." in said
    assert not CaseStudyPage.objects.exists()


def _refuse_second(self):
    if self.external_id == "second":
        raise ValidationError("It is refused.")


def test_an_id_or_address_is_given_once_in_a_file(importing, row):
    again = row | {"title": "Again"}
    said = importing.refused([row, again])
    assert "Row 2, external_id: “demo-sim-001” is in row 1 already." in said
    one = row | {"slug": "lists"}
    said = importing.refused([one, one | {"external_id": "other"}])
    assert "Row 2, slug: “lists” is in row 1 already." in said


def test_addresses_are_made_from_titles_and_never_taken_twice(importing, row):
    rows = [
        row | {"external_id": "a"},
        row | {"external_id": "b"},
        row | {"external_id": "c", "slug": "simulated-theatre-lists-for-urology-trainees"},
    ]
    importing(rows)
    slugs = {page.external_id: page.slug for page in CaseStudyPage.objects.all()}
    base = "simulated-theatre-lists-for-urology-trainees"
    assert slugs == {"a": f"{base}-2", "b": f"{base}-3", "c": base}
    said = importing.refused([row | {"external_id": "d", "slug": base}])
    assert "Another study has the address" in said


def test_terms_are_read_by_slug_name_code_and_former_name(importing, row):
    row |= {
        "specialties": "Urology; general-surgery | CARDIOLOGY",
        "regions": ["Wessex", "thames-valley"],
        "evidence_level": "NL2",
        "needs": "C3\nU2",
    }
    importing([row])
    page = study()
    assert {term.slug for term in page.specialties.all()} == {
        "urology",
        "general-surgery",
        "cardiology",
    }
    assert [term.slug for term in page.regions.all()] == ["south-east"]
    assert page.evidence_level.slug == "below-level-2"
    assert {term.code for term in page.needs.all()} == {"C3", "U2"}


def test_an_unknown_term_is_answered_with_what_comes_close(importing, row):
    row |= {"specialties": ["Urolgy"], "regions": ["Mars"]}
    said = importing.refused([row])
    assert "“Urolgy” is not a term of specialties. Did you mean urology (Urology)" in said
    assert "Use one of: east-of-england, london," in said


def test_merged_terms_lead_to_the_term_of_today(importing, row):
    merge_terms(
        source=Specialty.objects.get(slug="urology"),
        target=Specialty.objects.get(slug="general-surgery"),
    )
    importing([row])
    assert study().specialties.get().slug == "general-surgery"
    assert "1 unchanged" in importing([row])


def test_retired_terms_are_kept_but_not_newly_chosen(importing, row):
    importing([row])
    Setting.objects.filter(slug="acute").update(is_retired=True)
    row["title"] = "Another title"
    assert "1 changed" in importing([row])
    said = importing.refused([row | {"external_id": "new"}])
    assert "Row 1, settings: “acute” is retired" in said


def test_pictures_and_files_of_a_study_survive_an_import(importing, row):
    importing([row])
    page = study()
    page.image_alt_text = "A simulator"
    page.body = [
        *page.body.raw_data,
        {"type": "download", "value": {"document": None, "description": "Plan"}},
    ]
    page.save_revision().publish()
    assert "1 unchanged" in importing([row])
    row["body"] = "Shorter."
    importing([row])
    assert study().image_alt_text == "A simulator"
    assert [block.block_type for block in study().body] == ["paragraph", "download"]


def test_queries_do_not_grow_with_unchanged_rows(
    importing, library, row, django_assert_max_num_queries
):
    rows = [row | {"external_id": f"s-{n}", "title": f"Study {n}"} for n in range(8)]
    path = importing.file(rows)
    importing(path)
    with django_assert_max_num_queries(32):
        report = import_studies(library=library, rows=read_file(path))
    assert report.outcomes == {"unchanged": 8}


def test_the_history_names_who_imported(library, row):
    editor = User.objects.create_user(email="editor@example.org", password="x")
    import_studies(library=library, rows=[json_row(1, row)], user=editor, options=Options())
    assert study().owner == editor
    assert study().latest_revision.user == editor
    assert not ModelLogEntry.objects.exists()
    assert set(PageLogEntry.objects.values_list("user", flat=True)) == {editor.pk}


def test_progress_is_told(library, row):
    told = []
    import_studies(
        library=library, rows=[json_row(1, row)], progress=lambda *state: told.append(state)
    )
    assert told == [("Compared", 1, 1), ("Imported", 1, 1)]


@pytest.mark.django_db
def test_without_a_library_there_is_nothing_to_import_into(tmp_path):
    CaseStudyIndexPage.objects.all().delete()
    assert "no case study library" in Import(tmp_path).refused([])
