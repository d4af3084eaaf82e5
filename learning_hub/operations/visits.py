"""Gives every request an id, times it, and writes one line about it that names nobody."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from learning_hub.operations import metrics, visit
from learning_hub.operations.private_words import path_of

logger = logging.getLogger("hub.access")
_NO_VIEW = "none"


class VisitsMiddleware:
    """Stands around everything else that answers visitors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual, with the request's id in a header."""
        this = visit.begun(request.headers.get(visit.HEADER, ""))
        token = visit.current.set(this)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers[visit.HEADER] = this.id
            _write_down(request, response.status_code, time.perf_counter() - begun, this)
            return response
        finally:
            visit.current.reset(token)


def _write_down(request: HttpRequest, status: int, seconds: float, this: visit.Visit) -> None:
    match = getattr(request, "resolver_match", None)
    view = match.view_name if match else _NO_VIEW
    metrics.observe(view=view, method=request.method or "", status=status, seconds=seconds)
    if not logger.isEnabledFor(logging.INFO):
        return
    facts = {
        "method": request.method if (request.method or "").isalpha() else "other",
        "path": path_of(request),
        "view": view,
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
        **this.notes,
    }
    logger.info("%s %s %s", facts["method"], facts["path"], status, extra={"facts": facts})
