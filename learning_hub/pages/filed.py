"""Pages that are filed under specialties and regions, so that a search by facet finds them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Revision

from learning_hub.pages.models import HubPage
from learning_hub.taxonomy.current_terms import replace_merged_terms
from learning_hub.taxonomy.offering import offer
from learning_hub.taxonomy.vocabulary import Vocabularies

# The facet's key and the page's field that holds its terms.
FILED_UNDER = {"specialty": "specialties", "region": "regions"}


class FiledPageForm(WagtailAdminPageForm):
    """Offers the terms of today."""

    class Media:
        css = {"all": ["css/editor.css"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FILED_UNDER.values():
            if name in self.fields:
                offer(self.fields[name], [term.pk for term in getattr(self.instance, name).all()])


class FiledPage(HubPage):
    """A page with the specialties and regions that it is about; none means all."""

    specialties = ParentalManyToManyField(
        "taxonomy.Specialty", blank=True, related_name="%(class)ss"
    )
    regions = ParentalManyToManyField("taxonomy.Region", blank=True, related_name="%(class)ss")

    base_form_class = FiledPageForm
    filing_panel = MultiFieldPanel(
        [
            FieldPanel("specialties", widget=CheckboxSelectMultiple, classname="hub-terms"),
            FieldPanel("regions", widget=CheckboxSelectMultiple, classname="hub-terms"),
        ],
        heading="Filed under",
        help_text="Tick what the page is about in particular. Leave empty what it is not about.",
    )

    class Meta:
        abstract = True

    def save(self, clean: bool = True, **kwargs: Any) -> None:
        """Save, on terms that still stand."""
        if kwargs.get("update_fields") is None:
            replace_merged_terms(self)
        super().save(clean=clean, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision, on terms that still stand."""
        replace_merged_terms(self)
        return super().save_revision(*args, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the page as it would be once saved."""
        replace_merged_terms(self)
        return super().serve_preview(request, mode_name)


def filed_under(page: FiledPage, terms: Vocabularies) -> Mapping[str, tuple[str, ...]]:
    """The slugs that search finds `page` under, by facet key; a term's group is among them.

    No query where the terms were prefetched (`FILED_UNDER` names their fields).
    """
    return {
        key: _slugs({term.pk for term in getattr(page, name).all()}, key, terms)
        for key, name in FILED_UNDER.items()
    }


def _slugs(ids: set[int], key: str, terms: Vocabularies) -> tuple[str, ...]:
    entries = [entry for entry in terms.terms[key] if entry.id in ids]
    return tuple(dict.fromkeys(slug for e in entries for slug in (e.group, e.slug) if slug))
