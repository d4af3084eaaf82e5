"""The form of a case study as the admin sends it, for the tests of the editor's side."""

from __future__ import annotations

from django.urls import reverse
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    querydict_from_html,
    rich_text,
    streamfield,
)

from learning_hub.taxonomy.models import (
    Capability,
    EvidenceLevel,
    ImpactType,
    InterventionType,
    Region,
    Setting,
    Specialty,
    TraineeStage,
)
from tests.factories.case_studies import NARRATIVES, make_library

FORMSETS = ("outcomes", "reach", "kit_files", "adoptions", "chosen_related", "comments")


def form(**changes):
    """What the form posts for a new study: nothing but a title, unless `changes` say more."""
    empty = {name: inline_formset([]) for name in FORMSETS}
    texts = {name: rich_text("") for name in NARRATIVES}
    values = {
        "title": "Lists on Saturdays",
        "slug": "lists-on-saturdays",  # the form fills it in from the title
        "status": "running",
        "delivery_method": "physical",
        "effect_size": "unknown",
        "licence": "ogl-3.0",
        "body": streamfield([]),
        **empty,
        **texts,
        **changes,
    }
    return nested_form_data({name: value for name, value in values.items() if value is not None})


def with_terms(data, **fields):
    """`data` with several values under a name, which nested form data cannot say."""
    return {**data, **fields}


def complete():
    return {
        "specialties": [Specialty.objects.get(slug="urology").pk],
        "regions": [Region.objects.get(slug="north-west").pk],
        "intervention_types": [InterventionType.objects.get(slug="simulation").pk],
        "stages": [TraineeStage.objects.get(slug="higher-specialty").pk],
        "capabilities": [Capability.objects.get(slug="professional-skills").pk],
        "impact_types": [ImpactType.objects.get(slug="collaborative-working").pk],
        "settings": [Setting.objects.get(slug="acute").pk],
        "evidence_level": EvidenceLevel.objects.get(slug="level-2").pk,
        "started_on": "2021-09-01",
        "one_line_result": "More cases",
        "organisation": "A trust (fictional)",
    }


def add_url():
    library = make_library()
    return reverse("wagtailadmin_pages:add", args=["case_studies", "casestudypage", library.pk])


def edit_url(study):
    return reverse("wagtailadmin_pages:edit", args=[study.pk])


def read_form(editor, study):
    """The form as the editor's browser holds it, ready to be changed and sent."""
    response = editor.get(edit_url(study))
    assert response.status_code == 200
    data = querydict_from_html(response.content.decode(), form_id="page-edit-form")
    data.update(nested_form_data({"body": streamfield([])}))  # these inputs are made by script
    return data
