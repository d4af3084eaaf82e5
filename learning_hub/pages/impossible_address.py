"""Says that a page is not there where its address holds what no address of ours can."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


class ImpossibleAddressMiddleware:
    """Keeps a NUL from the views: PostgreSQL holds none in a text and fails when asked for one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual. Raises Http404."""
        if "\x00" in request.path:
            raise Http404("no page has such an address")
        return self.get_response(request)
