"""Answers those who watch the site: /healthz, /readyz and /metrics, before anything else runs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from learning_hub.operations import metrics, readiness
from learning_hub.operations.callers import may_look_inside

_READING = ("GET", "HEAD")


class AddressesMiddleware:
    """The first of all: no session, no redirect and no rule on host names is in the way.

    A load balancer asks by number and without TLS, and must be answered all the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one of our addresses, or pass the request on."""
        answer = _ADDRESSES.get(request.path)
        if answer is None:
            return self.get_response(request)
        if request.method not in _READING:
            return HttpResponseNotAllowed(_READING)
        response = answer(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def _healthz(request: HttpRequest) -> HttpResponse:
    """The process lives: nothing is looked up."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _readyz(request: HttpRequest) -> HttpResponse:
    """Whether visitors can be served; why, and in what state each part is, only to monitoring."""
    report = readiness.current()
    said = report.in_detail() if may_look_inside(request) else report.in_short()
    return JsonResponse(said, status=200 if report.is_ready else 503)


def _metrics(request: HttpRequest) -> HttpResponse:
    """What is counted, to monitoring only. To others there is nothing here."""
    if not may_look_inside(request):
        return HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8")
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


_ADDRESSES = {"/healthz": _healthz, "/readyz": _readyz, "/metrics": _metrics}
