"""Case studies as JSON: the same search as the page, and every field of one study."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema
from pydantic import Field

from case_studies import library
from case_studies.classification import terms_of
from case_studies.facets import library as library_collection
from case_studies.models import CaseStudyPage
from case_studies.representation import StudyShape, shape_of
from learning_hub.pages.visibility import visitor_of
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import Vocabularies
from search.contract import MAX_PAGE_SIZE, PAGE_SIZE, FacetRow

router = Router()


class HitShape(Schema):
    """One study that was found."""

    id: int
    slug: str
    url: str
    title: str
    summary: str


class RowShape(Schema):
    """One value of a facet. `count` ignores what is selected in its own facet."""

    value: str
    label: str
    count: int
    selected: bool
    group: str | None = Field(None, description="The value that holds this one, where one does.")


class ResultsShape(Schema):
    """What a search found."""

    total: int
    page: int
    pages: int
    sentence: str
    suggestion: str | None = Field(description="Another spelling that would find something.")
    engine: str
    notices: list[str] = Field(description="What was ignored of the request, and why.")
    hits: list[HitShape]
    facets: dict[str, list[RowShape]]


def _parameter(name: str, description: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": kind}


def _search_parameters() -> list[dict[str, Any]]:
    """Read leniently, as the page reads them, so they are described here and not enforced."""
    slugs = {"type": "array", "items": {"type": "string"}}
    collection = library_collection()
    sorts = [sort.key for sort in collection.sorts]
    return [
        _parameter("q", "Words to find; a phrase in quotation marks.", {"type": "string"}),
        *(
            _parameter(facet.key, f"{facet.label}; may be repeated.", slugs)
            for facet in collection.facets
        ),
        _parameter("sort", "The order of the hits.", {"type": "string", "enum": sorts}),
        _parameter("page", "Which page of hits.", {"type": "integer", "minimum": 1}),
        _parameter(
            "page_size",
            "How many hits make a page.",
            {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
        ),
    ]


_PROBLEM = {
    "description": "What went wrong, as a problem document.",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "instance": {"type": "string"},
                },
            }
        }
    },
}


@router.api_operation(["HEAD"], "/", include_in_schema=False)
@router.get(
    "/",
    response=ResultsShape,
    exclude_unset=True,
    summary="Search case studies",
    url_name="case-studies",
    openapi_extra={"parameters": _search_parameters(), "responses": {400: _PROBLEM}},
)
def search_case_studies(request: HttpRequest) -> dict[str, Any]:
    """Search as the page does. Unknown values are ignored, and `notices` says so."""
    finding = library.find(request.GET, visitor_of(request))
    results = finding.results
    return {
        "total": results.total,
        "page": results.request.page,
        "pages": results.pages,
        "sentence": results.sentence,
        "suggestion": results.suggestion,
        "engine": results.engine,
        "notices": finding.notices,
        "hits": [_hit(card.study, request) for card in finding.cards(CaseStudyPage.objects.all())],
        "facets": {facet.key: [_row(row) for row in facet.rows] for facet in results.facets},
    }


def _hit(study: CaseStudyPage, request: HttpRequest) -> dict[str, Any]:
    return {
        "id": study.pk,
        "slug": study.slug,
        "url": request.build_absolute_uri(study.get_url(request)),
        "title": study.title,
        "summary": study.one_line_result,
    }


def _row(row: FacetRow) -> dict[str, Any]:
    """A value; one outside a group has no key for it, since only what is set is written."""
    shape = {
        "value": row.value,
        "label": row.label,
        "count": row.count,
        "selected": row.selected,
    }
    return {**shape, "group": row.group} if row.group else shape


@router.api_operation(["HEAD"], "/{slug}/", include_in_schema=False)
@router.get(
    "/{slug}/",
    response=StudyShape,
    summary="One case study",
    url_name="case-study",
    openapi_extra={"responses": {404: _PROBLEM}},
)
def case_study(request: HttpRequest, slug: str) -> StudyShape:
    """Every field of a study that the visitor may see."""
    visible = CaseStudyPage.objects.visible_to(visitor_of(request))
    # A database refuses NUL and lone surrogates with an error of its own.
    named = visible.filter(slug=slug) if slug.isprintable() else visible.none()
    study = named.with_everything_shown().order_by("path").first()
    if study is None:
        raise Http404
    vocabularies = vocabulary.current()
    chosen = [row.related_id for row in study.chosen_related.all()]
    return shape_of(
        study,
        terms_of([study], vocabularies)[study.pk],
        labels_of(vocabularies),
        related=list(visible.filter(pk__in=chosen).order_by("path")),
        request=request,
    )


def labels_of(vocabularies: Vocabularies) -> dict[str, dict[str, str]]:
    """The name of every term, by facet key and slug."""
    return {
        key: {entry.slug: entry.name for entry in entries}
        for key, entries in vocabularies.terms.items()
    }
