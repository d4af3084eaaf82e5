"""Case studies that show guidance in use: on their page, in the editor, the API and in files."""

from __future__ import annotations

import json
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import PageViewRestriction

from case_studies.editor import CASE_STUDY_TABS
from case_studies.models import CaseStudyPage
from learning_hub.guidance.models import Recommendation
from tests.case_studies.editing import edit_url
from tests.factories.case_studies import make_case_study
from tests.factories.guidance import make_guidance, make_superseded, make_withdrawn

pytestmark = pytest.mark.django_db


def read(client, study):
    response = client.get(study.url)
    assert response.status_code == 200
    return unescape(response.content.decode())


def tagged(*pages, **fields):
    rows = list(Recommendation.objects.filter(page__in=[page.pk for page in pages]))
    return make_case_study(recommendations=rows, **fields)


def test_a_study_leads_to_the_recommendation_that_it_shows(client, search_index):
    html = read(client, tagged(make_guidance("Rules")))
    assert "Shows this guidance in use" in html
    assert 'href="/guidance/rules/#plan-a-training-case-on-every-list"' in html


def test_a_study_without_guidance_says_nothing_of_it(client, search_index):
    assert "guidance in use" not in read(client, make_case_study())


def test_guidance_that_the_visitor_may_not_see_is_not_named(client, search_index):
    secret = make_guidance("Secret")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    study = tagged(secret, make_guidance("Draft", live=False))
    html = read(client, study)
    assert "Secret" not in html
    assert "guidance in use" not in html
    answer = client.get(f"/api/v1/case-studies/{study.slug}/")
    assert answer.status_code == 200
    assert answer.json()["recommendations"] == []


def test_guidance_that_no_longer_holds_is_marked_and_its_text_is_led_to(client, search_index):
    new = make_guidance("New")
    html = read(client, tagged(make_superseded(new), make_withdrawn()))
    assert "Old rules (superseded)" in html
    assert "Wrong rules (withdrawn)" in html
    assert "/guidance/old-rules/?version=kept#plan-a-training" in html


def test_the_api_gives_each_recommendation_with_its_address(client, search_index):
    study = tagged(make_guidance("Rules"))
    response = client.get(f"/api/v1/case-studies/{study.slug}/")
    assert response.status_code == 200
    anchor = "plan-a-training-case-on-every-list"
    assert response.json()["recommendations"] == [
        {
            "reference": f"rules#{anchor}",
            "url": f"http://testserver/guidance/rules/#{anchor}",
            "guidance": "Rules",
            "recommendation": "Plan a training case on every list",
            "status": "current",
        }
    ]


def offered(study):
    form = CASE_STUDY_TABS.bind_to_model(CaseStudyPage).get_form_class()(instance=study)
    return [label for _, label in form.fields["recommendations"].choices]


def test_the_editor_offers_what_holds_and_what_the_study_has():
    new = make_guidance("New")
    old = make_superseded(new)
    make_guidance("Draft", live=False)
    make_withdrawn()
    text = "Plan a training case on every list"
    assert offered(make_case_study()) == [f"New: {text}"]
    assert offered(tagged(old)) == [f"New: {text}", f"Old rules: {text}"]


@pytest.mark.slow
def test_the_editors_form_opens_with_its_recommendations(editor):
    response = editor.get(edit_url(tagged(make_guidance("Rules"))))
    assert response.status_code == 200
    assert "Rules: Plan a training case on every list" in response.content.decode()


def test_a_deleted_recommendation_breaks_neither_the_study_nor_its_old_revisions(
    client, search_index
):
    guidance = make_guidance("Rules", recommendations=("One", "Two"))
    study = tagged(guidance)
    revision = study.save_revision()
    guidance.recommendations = [guidance.recommendations.get(slug="two")]
    guidance.save_revision().publish()
    assert "/guidance/rules/#one" not in read(client, study)
    assert [row.slug for row in revision.as_object().recommendations.all()] == ["two"]
    guidance.delete()
    assert "guidance in use" not in read(client, study)
    revision.publish()
    study.refresh_from_db()
    assert list(study.recommendations.all()) == []


def test_a_copy_of_a_study_shows_the_same_guidance():
    study = tagged(make_guidance("Rules"))
    copied = study.copy(update_attrs={"slug": "copied"})
    assert copied.recommendations.get().text == "Plan a training case on every list"


def export(tmp_path, ending="json"):
    file = tmp_path / f"studies.{ending}"
    call_command("export_case_studies", str(file))
    return file


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
def test_tags_travel_in_files(tmp_path, ending):
    study = tagged(make_guidance("Rules"), external_id="one")
    file = export(tmp_path, ending)
    study.recommendations = []
    study.save()
    call_command("import_case_studies", str(file))
    imported = CaseStudyPage.objects.get(external_id="one")
    assert imported.recommendations.get().reference == "rules#plan-a-training-case-on-every-list"


def change(file, names):
    studies = json.loads(file.read_text())
    file.write_text(json.dumps([{**study, "recommendations": names} for study in studies]))


def test_a_file_that_names_no_such_recommendation_is_refused(tmp_path, capsys):
    tagged(make_guidance("Rules"), external_id="one")
    file = export(tmp_path)
    change(file, ["rules#plan-a-training-case"])
    with pytest.raises(CommandError):
        call_command("import_case_studies", str(file))
    told = capsys.readouterr()
    assert "Did you mean rules#plan-a-training-case-on-every-list?" in told.out + told.err


def test_guidance_that_no_longer_holds_is_kept_but_not_added_by_a_file(tmp_path, capsys):
    old = make_withdrawn()
    study = tagged(old, external_id="one")
    file = export(tmp_path)
    call_command("import_case_studies", str(file))
    assert study.recommendations.count() == 1
    study.recommendations = []
    study.save()
    with pytest.raises(CommandError):
        call_command("import_case_studies", str(file))
    told = capsys.readouterr()
    assert "is retired and no longer offered" in told.out + told.err
