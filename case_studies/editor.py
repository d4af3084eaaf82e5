"""The editor's form for a case study: grouped, explained, and strict at publication."""

from __future__ import annotations

from typing import Any

from django.forms import CheckboxSelectMultiple, Select
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)
from wagtail.admin.panels.base import get_form_for_model
from wagtail.models import Page

from case_studies.guidance_in_use import offer_recommendations
from case_studies.publishing import NEEDED, NEEDED_TERMS, PICTURE, message_for, sentence
from learning_hub.pages.models import HubPage
from learning_hub.taxonomy.offering import offer


class CaseStudyForm(WagtailAdminPageForm):
    """The form behind the editor."""

    class Media:
        css = {"all": ["css/editor.css"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [*NEEDED_TERMS, "needs"]:
            if name in self.fields:
                offer(self.fields[name], [term.pk for term in getattr(self.instance, name).all()])
        if "recommendations" in self.fields:
            offer_recommendations(self.fields["recommendations"], self.instance)
        if "evidence_level" in self.fields:
            offer(self.fields["evidence_level"], [self.instance.evidence_level_id])
        for name, spoken in NEEDED.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = message_for(name, spoken)

    def clean(self) -> dict[str, Any]:
        """On the way to publication, name everything that is missing in one message."""
        cleaned = super().clean()
        if self.is_deferred_validation:
            return cleaned
        lacking = {name: spoken for name, spoken in NEEDED.items() if not cleaned.get(name)}
        has_words = cleaned.get("image_alt_text") or cleaned.get("image_is_decorative")
        if cleaned.get("image") and not has_words:
            lacking["image_alt_text"] = PICTURE
            self.add_error("image_alt_text", message_for("image_alt_text", PICTURE))
        if lacking:
            self.add_error(None, sentence(lacking))
        return cleaned


class AdoptionForm(WagtailAdminModelForm):
    """One place that took the study up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields:
            offer(self.fields["region"], [self.instance.region_id])


class AdoptionsPanel(InlinePanel):
    """The rows of adoptions, with a form that offers only the regions of today."""

    def get_form_options(self) -> dict[str, Any]:
        """The options of the formset, with our form in the place of the general one."""
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        formset["form"] = get_form_for_model(
            self.db_field.related_model,
            form_class=AdoptionForm,
            defer_required_on_fields=self.child_edit_handler.get_form_options().get(
                "defer_required_on_fields", []
            ),
        )
        return options


def _terms(name: str, heading: str, help_text: str) -> FieldPanel:
    """A vocabulary as checkboxes. A draft may leave it empty."""
    return FieldPanel(
        name,
        heading=heading,
        help_text=help_text,
        widget=CheckboxSelectMultiple,
        required_on_save=False,
        classname="hub-terms",
    )


RESULT = [
    *HubPage.content_panels,
    FieldPanel("one_line_result"),
    MultiFieldPanel(
        [
            FieldPanel("evidence_level", widget=Select),
            FieldPanel("effect_size", help_text="How much changed, large or small."),
            _terms("impact_types", "Impact", "What changed for people or services."),
        ],
        heading="How sure, and how much",
        help_text="Two different questions: a small effect can be certain, a large one doubtful.",
    ),
    MultiFieldPanel(
        [
            FieldPanel("image", help_text="Shown above the summary. No picture is fine."),
            FieldPanel("image_alt_text"),
            FieldPanel("image_is_decorative"),
        ],
        heading="Picture",
    ),
    FieldPanel("is_illustrative"),
]

WHO_AND_WHERE = [
    FieldPanel("organisation"),
    FieldRowPanel(
        [
            FieldPanel("started_on", help_text="The day, or the first of the month or year."),
            FieldPanel("ended_on"),
            FieldPanel("status", help_text="Where it stands today."),
        ]
    ),
    _terms("regions", "Regions", "Where it ran."),
    _terms("settings", "Settings", "The part of health and care where it took place."),
    _terms("specialties", "Specialties", "Whose training it recovered."),
    _terms("stages", "Trainee stages", "How far on those trainees were."),
    _terms("needs", "Why training was lost", "The reason codes of annual reviews, if they fit."),
    FieldPanel(
        "recommendations",
        heading="Guidance in use",
        help_text="The recommendations that this study shows in use. They lead here, and back.",
        widget=CheckboxSelectMultiple,
        classname="hub-terms",
    ),
]

WHAT_WAS_DONE = [
    FieldPanel("problem"),
    FieldPanel("baseline"),
    _terms("intervention_types", "Intervention types", "What was done to recover training."),
    _terms("capabilities", "Capabilities", "What trainees became able to do."),
    FieldPanel("delivery_method", help_text="How the training reached people."),
    MultiFieldPanel(
        [
            HelpPanel(
                content="Fill in what you know; only what is filled in is shown. "
                "The order is that of the TIDieR checklist."
            ),
            FieldPanel("why"),
            FieldPanel("materials"),
            FieldPanel("procedures"),
            FieldPanel("who_provided"),
            FieldPanel("how_delivered"),
            FieldPanel("where_delivered"),
            FieldPanel("when_and_how_much"),
            FieldPanel("tailoring"),
            FieldPanel("modifications"),
            FieldPanel("how_well_planned"),
            FieldPanel("how_well_actual"),
        ],
        heading="Enough to repeat it",
    ),
    FieldPanel("body", heading="Anything else"),
]

RESULTS_AND_MONEY = [
    InlinePanel("reach", heading="Who it reached", label="group", help_text="One row a group."),
    InlinePanel(
        "outcomes", heading="Outcomes", label="outcome", help_text="One row a measure, best first."
    ),
    FieldPanel("lessons"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("set_up_cost"), FieldPanel("cost_per_trainee")]),
            FieldPanel("funding_source", help_text="Who paid, such as a fund or a department."),
        ],
        heading="Money",
    ),
]

FILES_AND_CONTACT = [
    InlinePanel("kit_files", heading="Files", label="file", help_text="What others can reuse."),
    FieldPanel("licence", help_text="How others may use the study and its files."),
    FieldRowPanel([FieldPanel("contact_role"), FieldPanel("contact_mailbox")]),
    AdoptionsPanel(
        "adoptions", heading="Taken up elsewhere", label="adoption", help_text="One row a place."
    ),
    InlinePanel(
        "chosen_related",
        heading="Related studies",
        label="study",
        help_text="Shown first; similar ones are added by themselves.",
    ),
]

PROMOTE_AND_REVIEW = [
    *HubPage.promote_panels,
    HubPage.review_panel,
    FieldPanel("external_id", heading="Name in another system"),
]

CASE_STUDY_TABS = TabbedInterface(
    [
        ObjectList(RESULT, heading="Result"),
        ObjectList(WHO_AND_WHERE, heading="Who and where"),
        ObjectList(WHAT_WAS_DONE, heading="What was done"),
        ObjectList(RESULTS_AND_MONEY, heading="Results and money"),
        ObjectList(FILES_AND_CONTACT, heading="Files and contact"),
        ObjectList(PROMOTE_AND_REVIEW, heading="Promote and review"),
        ObjectList(HubPage.settings_panels, heading="Settings"),
    ],
    base_form_class=CaseStudyForm,
)


def index_panels(base: type[Page]) -> list[Panel]:
    """The panels of the library page."""
    return [*base.content_panels, FieldPanel("introduction")]
