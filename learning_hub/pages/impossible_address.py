"""Says that a page is not there where its address holds what no address of ours can."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse


class ImpossibleAddressMiddleware:
    """Answers where a view asked the database for a NUL of its address: no text can hold one.

    A view that knows its odd addresses by itself, such as a private link's, answers as it does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Make a fault of PostgreSQL a page that is not there. Raises Http404."""
        if "\x00" in request.path and isinstance(exception, DataError | ValueError):
            raise Http404("no page has such an address") from exception
