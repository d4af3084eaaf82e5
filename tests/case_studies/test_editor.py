"""The editor's form, through the real admin: what it offers, what it keeps, what it refuses."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.images.tests.utils import get_test_image_file
from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

from case_studies.models import CaseStudyPage
from learning_hub.media.models import HubImage
from learning_hub.taxonomy.models import EvidenceLevel, Region, Specialty
from tests.case_studies.editing import (
    add_url,
    complete,
    edit_url,
    form,
    read_form,
    with_terms,
)
from tests.factories.case_studies import make_case_study, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_form_is_grouped_and_explained(editor):
    response = editor.get(add_url())
    assert response.status_code == 200
    html = response.content.decode()
    for heading in (
        "Result",
        "Who and where",
        "What was done",
        "Results and money",
        "Files and contact",
        "Promote and review",
    ):
        assert heading in html
    for name in response.context["form"].fields:
        if name not in ("title", "go_live_at", "expire_at", "show_in_menus", "seo_title",
                        "comment_notifications"):  # fmt: skip
            assert explained(response, name), name


def explained(response, name):
    return any(
        panel.help_text for panel in panels(response.context["edit_handler"]) if of(panel, name)
    )


def panels(bound):
    for child in getattr(bound, "children", []):
        yield child
        yield from panels(child)


def of(panel, name):
    return getattr(panel, "field_name", None) == name


def test_specialties_are_offered_in_their_groups(editor):
    html = editor.get(add_url()).content.decode()
    surgery = html.index("<label>Surgery</label>")
    assert html.index("Urology", surgery) > surgery
    assert html.index("All of this group", surgery) > surgery


def test_terms_that_stand_alone_come_before_the_groups(editor):
    html = editor.get(add_url()).content.decode()
    assert html.index("Ophthalmology") < html.index("<label>Anaesthesia</label>")


def test_the_evidence_level_is_chosen_from_the_levels_of_today(editor):
    EvidenceLevel.objects.filter(slug="level-4").update(is_retired=True)
    html = editor.get(add_url()).content.decode()
    select = html.partition('<select name="evidence_level"')[2].partition("</select>")[0]
    assert "Level 3" in select
    assert "Level 4" not in select


def test_a_draft_is_saved_with_nothing_but_a_title(editor):
    response = editor.post(add_url(), form())
    assert response.status_code == 302
    study = CaseStudyPage.objects.get()
    assert (study.title, study.slug, study.live) == (
        "Lists on Saturdays",
        "lists-on-saturdays",
        False,
    )
    assert study.cost_band.slug == "not-reported"


def test_publication_without_facets_is_refused_with_one_message_and_one_at_each_field(editor):
    response = editor.post(add_url(), form(**{"action-publish": "yes"}))
    assert response.status_code == 200
    assert not CaseStudyPage.objects.exists()
    html = response.content.decode()
    assert (
        "Before you publish, add: specialty, region, intervention type, trainee stage, "
        "capability, impact, setting, evidence level and start date."
    ) in html
    for message in (
        "Choose at least one specialty.",
        "Choose at least one region.",
        "Choose at least one intervention type.",
        "Choose at least one trainee stage.",
        "Choose at least one capability.",
        "Choose at least one impact.",
        "Choose at least one setting.",
        "Give the evidence level.",
        "Give the start date.",
    ):
        assert message in html


def test_a_complete_study_is_published_and_seen_at_once(editor):
    response = editor.post(add_url(), with_terms(form(**{"action-publish": "yes"}), **complete()))
    assert response.status_code == 302
    study = CaseStudyPage.objects.get()
    assert study.live
    assert Client().get(study.url).status_code == 200


def test_rows_bodies_and_texts_are_kept(editor):
    other, document = make_case_study("Other"), make_document()
    data = form(
        problem=rich_text("<p>Lists were lost.</p>"),
        body=streamfield([("heading", "How"), ("table", {"caption": "C", "rows": "a|b\n1|2"})]),
        outcomes=inline_formset(
            [{"measure": "Cases", "unit": "cases", "baseline": "12", "follow_up": "18",
              "design": "records", "higher_is_better": "on"}]
        ),
        reach=inline_formset([{"group": "Trainees", "eligible": "9", "took_part": "8"}]),
        kit_files=inline_formset([{"document": str(document.pk), "description": "Plan"}]),
        adoptions=inline_formset([{"organisation": "Elsewhere", "region": ""}]),
        chosen_related=inline_formset([{"related": str(other.pk)}]),
        cost_per_trainee="250",
        **{"action-publish": "yes"},
    )  # fmt: skip
    response = editor.post(add_url(), with_terms(data, **complete()))
    assert response.status_code == 302
    study = CaseStudyPage.objects.get(title="Lists on Saturdays")
    assert (
        study.problem
        == '<p data-block-key="' + study.problem.split('"')[1] + '">Lists were lost.</p>'
    )
    assert [block.block_type for block in study.body] == ["heading", "table"]
    assert study.outcomes.get().follow_up == 18
    assert study.reach.get().took_part == 8
    assert study.kit_files.get().document == document
    assert study.adoptions.get().organisation == "Elsewhere"
    assert study.chosen_related.get().related == other
    assert study.cost_band.slug == "100-to-499"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"reach": [{"group": "G", "eligible": "1", "took_part": "2"}]}, "More took part than"),
        ({"outcomes": [{"measure": "M", "baseline": "many", "design": "records"}]}, "number"),
    ],
)
def test_a_wrong_row_is_refused_in_a_draft_too(editor, rows, message):
    data = form(**{name: inline_formset(items) for name, items in rows.items()})
    response = editor.post(add_url(), data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not CaseStudyPage.objects.exists()


def test_the_same_related_study_twice_is_refused(editor):
    other = make_case_study("Other")
    twice = inline_formset([{"related": str(other.pk)}, {"related": str(other.pk)}])
    response = editor.post(add_url(), form(chosen_related=twice))
    assert response.status_code == 200
    assert CaseStudyPage.objects.count() == 1


def test_a_picture_without_words_may_wait_in_a_draft_but_not_be_published(editor):
    image = HubImage.objects.create(title="Simulator", file=get_test_image_file())
    assert editor.post(add_url(), form(image=str(image.pk))).status_code == 302
    data = form(title="Second", slug="second", image=str(image.pk), **{"action-publish": "yes"})
    response = editor.post(add_url(), with_terms(data, **complete()))
    assert response.status_code == 200
    html = response.content.decode()
    assert "Before you publish, add: description of the picture." in html
    assert "Describe the picture, or mark it as decorative." in html


def test_a_retired_or_merged_term_is_not_offered(editor):
    london, midlands = (Region.objects.get(slug=slug) for slug in ("london", "midlands"))
    Region.objects.filter(pk=london.pk).update(is_retired=True)
    Region.objects.filter(slug="south-east").update(merged_into=midlands)
    fields = editor.get(add_url()).context["form"].fields
    offered = [term.slug for term in fields["regions"].queryset]
    assert "midlands" in offered
    assert not {"london", "south-east"} & set(offered)

    data = with_terms(form(), **{**complete(), "regions": [london.pk]})
    response = editor.post(add_url(), data)
    assert response.status_code == 200
    assert "regions" in response.context["form"].errors


def test_a_retired_term_stays_where_it_was_chosen(editor):
    study = make_case_study(regions=["london"])
    Region.objects.filter(slug="london").update(is_retired=True)
    data = read_form(editor, study)
    data["action-publish"] = "yes"
    assert editor.post(edit_url(study), data).status_code == 302
    assert [term.slug for term in CaseStudyPage.objects.get().regions.all()] == ["london"]


def test_a_retired_group_still_heads_the_terms_within_it(editor):
    Specialty.objects.filter(slug="surgery").update(is_retired=True)
    html = editor.get(add_url()).content.decode()
    surgery = html.index("<label>Surgery</label>")
    within = html[surgery : html.index("Urology", surgery)]
    assert "All of this group" not in within


def test_a_retired_region_is_not_offered_for_a_new_adoption(editor):
    Region.objects.filter(slug="london").update(is_retired=True)
    london = Region.objects.get(slug="london")
    rows = inline_formset([{"organisation": "Elsewhere", "region": str(london.pk)}])
    response = editor.post(add_url(), form(adoptions=rows))
    assert response.status_code == 200
    assert response.context["form"].formsets["adoptions"].errors[0]["region"]
