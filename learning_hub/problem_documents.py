"""Gives every error below /api/ as a problem document (RFC 9457), whoever raised it."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

MEDIA_TYPE = "application/problem+json"
_DETAILS = {
    400: "The request could not be read.",
    404: "There is nothing at this address that you may see.",
    405: "This address does not take that method.",
    500: "Something went wrong on our side.",
}


class ProblemDocumentsMiddleware:
    """Turns error pages into documents that a program can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with any error of the API in its own media type."""
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith("/api/"):
            return response
        return _as_problem(request, response)


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    status = response.status_code
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "instance": request.path,
        **_particulars(response),
    }
    answer = HttpResponse(json.dumps(problem), status=status, content_type=MEDIA_TYPE)
    if "Allow" in response.headers:
        answer.headers["Allow"] = response.headers["Allow"]
    answer.cookies = response.cookies
    return answer


def _particulars(response: HttpResponse) -> dict[str, Any]:
    """What the refusal itself says: a list of errors for parameters that do not fit."""
    if response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        return {
            "detail": "Some values do not fit.",
            "errors": json.loads(response.content).get("detail", []),
        }
    return {"detail": _DETAILS.get(response.status_code, "The request was refused.")}
