"""Leads from where a page was to where it is, query string and all."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseRedirect, HttpResponseRedirectBase
from django.utils import timezone
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page


class MovedPageMiddleware:
    """Answers for an address where nothing is, if something was there and is elsewhere now.

    Wagtail's own drops the query string, leads to pages that are withdrawn, and to itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; look for a redirect only where there is no page."""
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        return _redirection(request) or response


def _redirection(request: HttpRequest) -> HttpResponseRedirectBase | None:
    query = request.META.get("QUERY_STRING", "")
    whole, path = _normal(request.get_full_path()), _normal(request.path)
    redirect = get_redirect(request, whole) if whole != path else None
    if redirect is not None:
        query = ""  # the redirect was made for these very parameters
    redirect = redirect or get_redirect(request, path)
    if redirect is None or not (address := _address(redirect)) or _leads_back(address, path):
        return None
    kind = HttpResponsePermanentRedirect if redirect.is_permanent else HttpResponseRedirect
    return kind(f"{address}?{query}" if query and "?" not in address else address)


def _normal(path: str) -> str:
    return Redirect.normalise_path(path, decode_unicode=False)


def _address(redirect: Redirect) -> str:
    """Where the redirect leads; empty for a page that is withdrawn, whose address is no news."""
    if redirect.redirect_page and not _is_published(redirect.redirect_page):
        return ""
    return redirect.link or ""


def _is_published(page: Page) -> bool:
    return page.live and not (page.expire_at and page.expire_at <= timezone.now())


def _leads_back(address: str, path: str) -> bool:
    return _normal(urlsplit(address).path) == path
