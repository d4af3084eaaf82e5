"""The editor's form for guidance: grouped, explained, and strict at publication."""

from __future__ import annotations

from typing import Any

from django.forms import ModelForm
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.admin.panels.base import get_form_for_model

from learning_hub.guidance.publishing import Proposal, faults_of_publication, sentence
from learning_hub.pages.filed import FiledPage, FiledPageForm
from learning_hub.pages.models import HubPage
from learning_hub.taxonomy.offering import offer

_ROWS = ("audiences", "recommendations")


class GuidanceForm(FiledPageForm):
    """The form behind the editor. A draft may be incomplete."""

    def clean(self) -> dict[str, Any]:
        """On the way to publication, name everything that is missing in one message."""
        cleaned = super().clean()
        if self.is_deferred_validation or not all(self.formsets[n].is_valid() for n in _ROWS):
            return cleaned
        faults = faults_of_publication(self._proposal(cleaned))
        for name, text in faults.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, text)
        if faults:
            self.add_error(None, sentence(faults))
        return cleaned

    def _proposal(self, cleaned: dict[str, Any]) -> Proposal:
        audiences, recommendations = (self._kept(name) for name in _ROWS)
        return Proposal(
            introduction=cleaned.get("introduction", ""),
            issuing_body=cleaned.get("issuing_body", ""),
            audiences=tuple(row.cleaned_data["name"] for row in audiences),
            named=tuple(row.cleaned_data["audience"] for row in recommendations),
            messages=len(cleaned.get("messages") or ()) + len(recommendations),
        )

    def _kept(self, name: str) -> list[ModelForm]:
        """The filled-in rows that the editor did not take away."""
        rows = [row for row in self.formsets[name].forms if row.cleaned_data]
        return [
            row
            for row in rows
            if not row.cleaned_data.get("DELETE")
            and any(value for name, value in row.cleaned_data.items() if name in row.Meta.fields)
        ]


class RecommendationForm(WagtailAdminModelForm):
    """One recommendation. Its anchor is made once, and an emptied one comes back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "setting" in self.fields:
            offer(self.fields["setting"], [self.instance.setting_id])

    def clean_slug(self) -> str | None:
        """The anchor; None where there is none yet, since two of those are not the same."""
        return self.cleaned_data["slug"] or self.instance.slug or None


class RecommendationsPanel(InlinePanel):
    """The rows of recommendations, with a form that keeps their anchors."""

    def get_form_options(self) -> dict[str, Any]:
        """The options of the formset, with our form in the place of the general one."""
        options = super().get_form_options()
        formset = options["formsets"][self.relation_name]
        formset["form"] = get_form_for_model(
            self.db_field.related_model,
            form_class=RecommendationForm,
            defer_required_on_fields=self.child_edit_handler.get_form_options().get(
                "defer_required_on_fields", []
            ),
        )
        return options


CONTENT = [
    *HubPage.content_panels,
    FieldPanel("introduction", required_on_save=False),
    FieldPanel("is_illustrative"),
    FieldPanel("issuing_body", required_on_save=False),
    InlinePanel("audiences", heading="Who it is for", label="audience"),
    FieldPanel("messages", heading="Main messages"),
    MultiFieldPanel(
        [FieldPanel("recommendations_note"), RecommendationsPanel("recommendations", label="one")],
        heading="Recommendations",
        help_text="Case studies point to them from their own page, under “Who and where”.",
    ),
    FieldPanel("body", heading="Anything else"),
]

ISSUE = [
    FieldRowPanel([FieldPanel("version_label"), FieldPanel("issued_on")]),
    FieldPanel("versions", heading="History of versions"),
    MultiFieldPanel(
        [FieldPanel("campaign_name"), FieldPanel("campaign_url")],
        heading="Campaign",
    ),
    InlinePanel("files", heading="Files", label="file"),
    FieldPanel("source"),
    FiledPage.filing_panel,
]

STATUS = [
    FieldPanel("status", help_text="Readers are told at the top of the page."),
    MultiFieldPanel(
        [PageChooserPanel("successor", "guidance.GuidancePage")],
        heading="If it is superseded",
        help_text="Its address leads to the successor; the old text stays readable.",
    ),
    MultiFieldPanel(
        [
            FieldPanel("withdrawn_on"),
            FieldPanel("withdrawn_reason"),
            FieldPanel("withdrawn_instead"),
        ],
        heading="If it is withdrawn",
    ),
]

GUIDANCE_TABS = TabbedInterface(
    [
        ObjectList(CONTENT, heading="Guidance"),
        ObjectList(ISSUE, heading="Issue and files"),
        ObjectList(STATUS, heading="Status"),
        ObjectList([*HubPage.promote_panels, HubPage.review_panel], heading="Promote and review"),
        ObjectList(HubPage.settings_panels, heading="Settings"),
    ],
    base_form_class=GuidanceForm,
)
