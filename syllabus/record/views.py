"""The pages of the learning record, and the copies of it to take away."""

from __future__ import annotations

import json
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learning_hub.accounts.models import User
from learning_hub.exports.pdf import PdfUnavailable, tagged_pdf
from syllabus.record.history import History, history
from syllabus.record.portable import as_json
from syllabus.record.spreadsheet import as_csv
from syllabus.record.statements import VERSION, as_statements


@never_cache
@login_required
@require_safe
def my_record(request: HttpRequest) -> HttpResponse:
    """Everything the trainee did, by module."""
    return render(request, "syllabus/record/my_record.html", {"history": _history(request)})


@never_cache
@login_required
@require_safe
def record_csv(request: HttpRequest) -> HttpResponse:
    """The record for a spreadsheet."""
    past = _history(request)
    return _download(as_csv(past), "text/csv; charset=utf-8", past, "learning-record", "csv")


@never_cache
@login_required
@require_safe
def record_json(request: HttpRequest) -> HttpResponse:
    """The record for another program."""
    past = _history(request)
    document = _json(as_json(_trainee(request), past))
    return _download(document, "application/json", past, "learning-record", "json")


@never_cache
@login_required
@require_safe
def record_statements(request: HttpRequest) -> HttpResponse:
    """The record for a learning record store."""
    past = _history(request)
    statements = _json(as_statements(_trainee(request).pk, past))
    answer = _download(statements, "application/json", past, "learning-record-xapi", "json")
    answer.headers["X-Experience-API-Version"] = VERSION
    return answer


@never_cache
@login_required
@require_safe
def record_pdf(request: HttpRequest) -> HttpResponse:
    """The record to print or to send. Where PDFs cannot be made, says so with 503."""
    past = _history(request)
    context = {"history": past, "trainee": _trainee(request)}
    try:
        document = tagged_pdf(
            render_to_string("syllabus/record/pdf.html", context),
            base_url=request.build_absolute_uri("/"),
        )
    except PdfUnavailable:
        return render(request, "syllabus/record/no_pdf.html", status=503)
    return _download(document, "application/pdf", past, "learning-record", "pdf")


def _trainee(request: HttpRequest) -> User:
    return cast(User, request.user)


def _history(request: HttpRequest) -> History:
    return history(_trainee(request).pk, timezone.now())


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def _download(
    content: bytes, media_type: str, past: History, name: str, extension: str
) -> HttpResponse:
    day = timezone.localdate(past.at).isoformat()
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}-{day}.{extension}"'},
    )
