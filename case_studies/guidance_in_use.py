"""Which recommendations of guidance a study shows in use; their room is known by relation alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from learning_hub.pages.visibility import barriers_of, visitor_of

if TYPE_CHECKING:
    from case_studies.models import CaseStudyPage


@dataclass(frozen=True)
class GuidanceLink:
    """One recommendation, and the guidance that it is of. `status` is that of the guidance."""

    guidance: str
    text: str
    address: str
    whole_address: str
    reference: str
    status: str
    status_label: str
    is_current: bool


def guidance_in_use(study: CaseStudyPage, request: HttpRequest) -> Iterator[GuidanceLink]:
    """The recommendations of guidance that this visitor may see. One query where none is closed.

    A preview shows what is in no table yet, so its recommendations are read from the instance.
    """
    found: Any = _model_of(study).objects.visible_to(visitor_of(request), barriers_of(request))
    if getattr(request, "is_preview", False):
        found = found.filter(pk__in=[row.pk for row in study.recommendations.all()])
    else:
        found = found.filter(case_studies=study.pk)
    for row in found.order_by("page__title", "page_id", "sort_order"):
        address = row.address(request)
        yield GuidanceLink(
            guidance=row.page.title,
            text=row.text,
            address=address,
            whole_address=request.build_absolute_uri(address),
            reference=row.reference,
            status=row.page.status,
            status_label=row.page.get_status_display(),
            is_current=row.page.is_current,
        )


def offer_recommendations(field: Any, study: CaseStudyPage) -> None:
    """Offer those of guidance that holds and is published, and those that the study has."""
    chosen = [row.pk for row in study.recommendations.all()]
    field.queryset = _model_of(study).objects.offered(chosen)
    field.label_from_instance = lambda row: f"{row.page.title}: {row.text}"


def _model_of(study: CaseStudyPage) -> Any:
    return study._meta.get_field("recommendations").related_model
