"""The page and the file of the completion report, in the admin."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from wagtail.admin.auth import permission_required

from syllabus.reporting.completion_chart import charts
from syllabus.reporting.completion_counts import first_completion_at
from syllabus.reporting.completion_csv import as_csv
from syllabus.reporting.completion_report import module_titles, tables
from syllabus.reporting.periods import training_years
from syllabus.reporting.report_request import read_request
from syllabus.reporting.trail import HOME

TITLE = "Syllabus completions"
CSV = "csv"


@permission_required("syllabus.view_completion")
@cache_control(private=True, no_store=True)
def completions(request: HttpRequest) -> HttpResponse:
    """Completions in one training year; `?export=csv` is the same as a file."""
    titles = module_titles()
    asked = read_request(request.GET, training_years(first_completion_at(), timezone.now()), titles)
    shown = titles if asked.module is None else {asked.module: titles[asked.module]}
    found = tables(asked.year, asked.dimension, shown)
    if request.GET.get("export") == CSV:
        return _file(as_csv(found, asked.year, asked.dimension), asked.year.key, asked.dimension)
    query = urlencode({**asked.parameters, "export": CSV})
    context = {
        "header_title": TITLE,
        "header_icon": "table",
        "breadcrumbs_items": [HOME, {"url": "", "label": TITLE}],
        "asked": asked,
        "parts": list(zip(found, charts(found), strict=True)),
        "csv_url": f"{reverse('syllabus_completions')}?{query}",
    }
    return TemplateResponse(request, "syllabus/reporting/completions.html", context)


def _file(text: str, year: str, dimension: str) -> HttpResponse:
    # The mark at the start tells spreadsheets that the text is UTF-8.
    response = HttpResponse(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
    name = f"completions-{year}-by-{dimension}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
