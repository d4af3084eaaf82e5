"""Takes out of a text what could say who somebody is: addresses, what was asked, secrets."""

from __future__ import annotations

import re
from urllib.parse import unquote

from django.http import HttpRequest

LEFT_OUT = "…"
_LONGEST = 200
_EMAIL = re.compile(r"[^\s\"'<>()\[\]{},;:=/?&]+(?:@|%40)[^\s\"'<>()\[\]{},;:=/?&]+", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?<=//)[^/\s@]+@")
_QUERY = re.compile(r"\?[^\s\"'<>]*=[^\s\"'<>]*")
# The addresses of pages: what stands in them is published.
_PAGES = "wagtail_serve"
_SAID = {"slug", "anchor", "page", "format"}


def without_personal_data(text: str) -> str:
    """`text` without e-mail addresses, and without the query and credentials of any address."""
    text = _CREDENTIALS.sub("", text)
    return _EMAIL.sub(LEFT_OUT, _QUERY.sub(f"?{LEFT_OUT}", text))


def path_of(request: HttpRequest) -> str:
    """The path that was asked for, without what a visitor put into it.

    Of an address that the site knows, what stands for a person or a secret (a token, a key) is
    left out. One that has the form of a page's is told; of any other, nothing is.
    """
    match = getattr(request, "resolver_match", None)
    path = request.path
    if match is None:
        path = f"/{LEFT_OUT}"
    elif match.view_name != _PAGES:
        for name, value in sorted(match.captured_kwargs.items(), key=lambda item: str(item[1])):
            if value and not isinstance(value, int) and name not in _SAID:
                path = path.replace(str(value), f"<{name}>")
    plain = "".join(sign if sign.isprintable() else LEFT_OUT for sign in unquote(path))
    return without_personal_data(plain)[:_LONGEST]
