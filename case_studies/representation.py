"""A case study as machines read it: the shapes of the API, and how a study fills them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field
from wagtail.images.shortcuts import get_rendition_or_not_found

from case_studies.classification import Terms, facet_values
from case_studies.documents import NARRATIVES
from case_studies.guidance_in_use import GuidanceLink, guidance_in_use
from case_studies.models import CaseStudyPage
from learning_hub.blocks.plain_text import body_text, plain

Absolute = Callable[[str], str]


class Labelled(Schema):
    """A slug with the name that people read."""

    value: str
    label: str


class OutcomeShape(Schema):
    """One measure, before and after."""

    measure: str
    unit: str
    baseline: float | None
    follow_up: float | None
    number_measured: int | None
    design: str
    higher_is_better: bool


class ReachShape(Schema):
    """How many of a group could have taken part, did, and finished."""

    group: str
    eligible: int | None
    took_part: int | None
    completed: int | None


class AdoptionShape(Schema):
    """Somewhere else that took the study up."""

    organisation: str
    region: str | None = Field(description="The slug of the region.")
    adopted_on: dt.date | None
    what_changed: str


class KitFileShape(Schema):
    """A file that helps others to do the same."""

    title: str
    description: str
    url: str
    type: str
    size: int | None = Field(description="In bytes.")


class ImageShape(Schema):
    """The study's picture."""

    url: str
    alternative_text: str = Field(description="Empty where the picture is decorative.")


class StudyReference(Schema):
    """Another study."""

    slug: str
    url: str
    title: str


class RecommendationShape(Schema):
    """A recommendation of guidance that the study shows in use."""

    reference: str = Field(description="The guidance’s slug and its own, as in exchange files.")
    url: str
    guidance: str = Field(description="The title of the guidance.")
    recommendation: str
    status: str = Field(description="Of the guidance: current, superseded or withdrawn.")


class StudyShape(Schema):
    """Every field of a case study. Running text is plain text, a paragraph a line."""

    id: int
    slug: str
    url: str
    title: str
    summary: str = Field(description="The result in one line, under the name that hits use.")
    one_line_result: str
    organisation: str
    delivery_method: str
    started_on: dt.date | None
    ended_on: dt.date | None
    status: str
    image: ImageShape | None
    problem: str
    baseline: str
    why: str
    materials: str
    procedures: str
    who_provided: str
    how_delivered: str
    where_delivered: str
    when_and_how_much: str
    tailoring: str
    modifications: str
    how_well_planned: str
    how_well_actual: str
    body: str
    lessons: str
    set_up_cost: float | None = Field(description="In pounds.")
    cost_per_trainee: float | None = Field(description="In pounds.")
    funding_source: str
    effect_size: str
    licence: str
    contact_role: str
    contact_mailbox: str
    external_id: str | None
    is_illustrative: bool
    last_reviewed_on: dt.date | None
    next_review_on: dt.date | None
    content_owner: str
    first_published_at: dt.datetime | None
    last_published_at: dt.datetime | None
    needs: list[Labelled]
    outcomes: list[OutcomeShape]
    reach: list[ReachShape]
    kit_files: list[KitFileShape]
    adoptions: list[AdoptionShape]
    related: list[StudyReference]
    recommendations: list[RecommendationShape]
    specialty: list[str]
    region: list[str]
    intervention: list[str]
    stage: list[str]
    capability: list[str]
    impact: list[str]
    evidence: list[str]
    cost: list[str]
    setting: list[str]
    year: list[str]
    facets: dict[str, list[Labelled]] = Field(description="The same values with their names.")


_PLAIN_FIELDS = (
    "id",
    "slug",
    "title",
    "one_line_result",
    "organisation",
    "delivery_method",
    "started_on",
    "ended_on",
    "status",
    "set_up_cost",
    "cost_per_trainee",
    "funding_source",
    "effect_size",
    "licence",
    "contact_role",
    "contact_mailbox",
    "external_id",
    "is_illustrative",
    "last_reviewed_on",
    "next_review_on",
    "content_owner",
    "first_published_at",
    "last_published_at",
)


def shape_of(
    study: CaseStudyPage,
    terms: Terms,
    labels: Mapping[str, Mapping[str, str]],
    related: list[CaseStudyPage],
    request: HttpRequest,
) -> StudyShape:
    """The study for the API.

    `labels` names each facet's values, `related` are the chosen studies that the visitor may
    see, `request` makes addresses that work anywhere.
    """
    values = facet_values(study, terms)
    absolute = request.build_absolute_uri
    return StudyShape.model_validate(
        {
            "url": absolute(study.get_url(request)),
            "summary": study.one_line_result,
            "body": body_text(study.body),
            "image": _image(study, absolute),
            "needs": [{"value": need.slug, "label": need.name} for need in study.needs.all()],
            "related": [_reference(other, request) for other in related],
            "recommendations": [_recommendation(link) for link in guidance_in_use(study, request)],
            "facets": {key: _labelled(slugs, labels.get(key, {})) for key, slugs in values.items()},
            **{name: getattr(study, name) for name in _PLAIN_FIELDS},
            **{name: plain(getattr(study, name)) for name in NARRATIVES},
            **{key: list(slugs) for key, slugs in values.items()},
            **_rows(study, absolute),
        }
    )


def _labelled(slugs: Sequence[str], labels: Mapping[str, str]) -> list[Labelled]:
    return [Labelled(value=slug, label=labels.get(slug, slug)) for slug in slugs]


def _rows(study: CaseStudyPage, absolute: Absolute) -> dict[str, Sequence[Schema]]:
    return {
        "outcomes": [OutcomeShape.from_orm(row) for row in study.outcomes.all()],
        "reach": [ReachShape.from_orm(row) for row in study.reach.all()],
        "adoptions": [
            AdoptionShape(
                organisation=row.organisation,
                region=row.region.slug if row.region else None,
                adopted_on=row.adopted_on,
                what_changed=row.what_changed,
            )
            for row in study.adoptions.all()
        ],
        "kit_files": [
            KitFileShape(
                title=row.document.title,
                description=row.description,
                url=absolute(row.document.url),
                type=row.document.file_extension,
                size=row.document.file_size,
            )
            for row in study.kit_files.all()
        ],
    }


def _image(study: CaseStudyPage, absolute: Absolute) -> ImageShape | None:
    if not study.image:
        return None
    rendition = get_rendition_or_not_found(study.image, "width-960")
    alternative = "" if study.image_is_decorative else study.image_alt_text
    return ImageShape(url=absolute(rendition.url), alternative_text=alternative)


def _reference(study: CaseStudyPage, request: HttpRequest) -> StudyReference:
    address = request.build_absolute_uri(study.get_url(request))
    return StudyReference(slug=study.slug, url=address, title=study.title)


def _recommendation(link: GuidanceLink) -> RecommendationShape:
    return RecommendationShape(
        reference=link.reference,
        url=link.whole_address,
        guidance=link.guidance,
        recommendation=link.text,
        status=link.status,
    )
