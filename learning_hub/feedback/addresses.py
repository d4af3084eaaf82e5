"""Which page a report is about: an address that a visitor names, taken for no more than text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.models import Page

from learning_hub.design_system.visitor_forms import typed
from learning_hub.feedback.models import LONGEST_PATH
from learning_hub.pages.visibility import audience_of, barriers_of, visitor_of

# Long and with a digit, as the number of a certificate or the key in a letter.
_KEY = re.compile(r"(?=[^/]*\d)[^/]{20,}")
HIDDEN = "…"


def path_of_this_site(named: str) -> str:
    """The path in `named`, without a query; empty where it is no path of this site."""
    path = named.split("?", 1)[0].split("#", 1)[0]
    if not path.startswith("/") or len(path) > LONGEST_PATH or path != typed(path):
        return ""
    if "\\" in path or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return ""
    return path if urlsplit(path).path == path else ""


def page_at(request: HttpRequest, path: str) -> Page | None:
    """The page at `path` that the sender of `request` may see; None where there is none."""
    if not path:
        return None
    page = Page.find_for_request(request, path)
    if page is None or not audience_of(page, barriers_of(request)) & set(
        visitor_of(request).tokens
    ):
        return None
    return page


def without_keys(path: str) -> str:
    """`path` of something that is no page, without what only its receiver should know."""
    return _KEY.sub(HIDDEN, path)
