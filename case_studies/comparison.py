"""Up to four studies side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from case_studies.classification import Terms, terms_of
from case_studies.models import CaseStudyIndexPage, CaseStudyPage
from case_studies.rows import Outcome, Reach
from learning_hub.blocks.plain_text import plain
from learning_hub.pages.visibility import Visitor, visitor_of
from learning_hub.taxonomy import vocabulary

MOST = 4


@dataclass(frozen=True)
class Compared:
    """One column: a study, its terms, and where the comparison goes on without it."""

    study: CaseStudyPage
    terms: Terms
    without_address: str


@dataclass(frozen=True)
class Line:
    """One row of the comparison: a cell of lines for each study."""

    label: str
    cells: tuple[tuple[str, ...], ...]


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show the studies that `study` names (slugs), and say which could not be shown."""
    slugs = list(dict.fromkeys(filter(None, request.GET.getlist("study"))))
    columns = _columns(slugs[:MOST], visitor_of(request), request.path)
    context = {
        "library": CaseStudyIndexPage.objects.live().order_by("path").first(),
        "columns": columns,
        "lines": list(_lines(columns)) if columns else [],
        "notices": _notices(slugs, len(columns)),
    }
    return render(request, "case_studies/comparison.html", context)


def _columns(slugs: list[str], visitor: Visitor, address: str) -> list[Compared]:
    """The studies in the order they were named; those that the visitor may not see are left out."""
    if not slugs:
        return []
    visible = CaseStudyPage.objects.visible_to(visitor).filter(slug__in=_storable(slugs))
    by_slug = {study.slug: study for study in visible.prefetch_related("outcomes", "reach")}
    found = [by_slug[slug] for slug in slugs if slug in by_slug]
    terms = terms_of(found, vocabulary.current())
    return [
        Compared(study, terms[study.pk], _address_without(study, found, address)) for study in found
    ]


def _storable(slugs: list[str]) -> list[str]:
    """Only what could be a slug: a database refuses NUL and lone surrogates with an error."""
    return [slug for slug in slugs if slug.isprintable() and len(slug) <= 255]


def _address_without(study: CaseStudyPage, found: list[CaseStudyPage], address: str) -> str:
    others = [("study", other.slug) for other in found if other is not study]
    return f"{address}?{urlencode(others)}"


def _notices(slugs: list[str], shown: int) -> list[str]:
    notices = []
    if len(slugs) > MOST:
        notices.append(f"You can compare up to {MOST} case studies, so the others were left out.")
    if missing := min(len(slugs), MOST) - shown:
        what = "One case study is" if missing == 1 else f"{missing} case studies are"
        notices.append(f"{what} not here, or not for you to see.")
    return notices


def _lines(columns: list[Compared]) -> Iterator[Line]:
    for label, cell in _LINES:
        cells = tuple(tuple(filter(None, cell(column))) for column in columns)
        if any(cells):
            yield Line(label, cells)


Cell = Callable[[Compared], Iterator[str] | list[str]]


def _terms(key: str) -> Cell:
    return lambda column: [entry.name for entry in column.terms[key]]


def _dates(column: Compared) -> list[str]:
    started, ended = column.study.started_on, column.study.ended_on
    if started is None:
        return []
    until = f" to {date_format(ended, 'F Y')}" if ended else ""
    return [f"{date_format(started, 'F Y')}{until}", column.study.get_status_display()]


def _cost(column: Compared) -> list[str]:
    study = column.study
    set_up = f"Set-up: £{study.set_up_cost:,.0f}" if study.set_up_cost is not None else ""
    return [*_terms("cost")(column), set_up]


def _outcome(row: Outcome) -> str:
    before, after = _measured(row.baseline), _measured(row.follow_up)
    unit = f" ({row.unit})" if row.unit else ""
    return f"{row.measure}{unit}: {before} before, {after} after"


def _measured(value: Decimal | None) -> str:
    return "not measured" if value is None else f"{value.normalize():,f}"


def _reach(row: Reach) -> str:
    parts = (
        (row.eligible, "eligible"),
        (row.took_part, "took part"),
        (row.completed, "completed"),
    )
    counted = ", ".join(f"{count:,} {what}" for count, what in parts if count is not None)
    return f"{row.group}: {counted}" if counted else row.group


_LINES: tuple[tuple[str, Cell], ...] = (
    ("Result", lambda column: [column.study.one_line_result]),
    ("Evidence", _terms("evidence")),
    ("Size of effect", lambda column: [column.study.get_effect_size_display()]),
    ("Cost", _cost),
    ("Organisation", lambda column: [column.study.organisation]),
    ("Region", _terms("region")),
    ("Setting", _terms("setting")),
    ("When", _dates),
    ("Specialty", _terms("specialty")),
    ("Stage of training", _terms("stage")),
    ("Type of intervention", _terms("intervention")),
    ("Capability", _terms("capability")),
    ("Impact", _terms("impact")),
    ("Reach", lambda column: [_reach(row) for row in column.study.reach.all()]),
    ("Outcomes", lambda column: [_outcome(row) for row in column.study.outcomes.all()]),
    ("Problem", lambda column: plain(column.study.problem).splitlines()),
    ("Lessons", lambda column: plain(column.study.lessons).splitlines()),
)
