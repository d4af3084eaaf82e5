"""Makes tagged PDF files out of HTML, with nothing fetched from a network."""

from __future__ import annotations

import contextlib
import mimetypes
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

try:
    # It prints how to install Pango before it fails; what a command prints is for others to read.
    with contextlib.redirect_stdout(sys.stderr):
        from weasyprint import HTML, Attachment
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    UNAVAILABLE: OSError | None = None
except OSError as problem:  # the library calls Pango, which is not a Python package
    HTML = Attachment = URLFetcherResponse = None
    URLFetcher = object
    UNAVAILABLE = problem

_NOWHERE = "http://localhost/"


class PdfUnavailable(Exception):
    """This machine cannot make PDF files. The text says what to do."""


class _OwnFilesOnly(URLFetcher):
    """Reads our own static files and data: addresses; anything else is left out of the page."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """The content of `url`. Raises ValueError for what is not ours."""
        if url.startswith("data:"):
            return super().fetch(url, headers)
        file = _static_file(unquote(urlsplit(url).path))
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})


def _static_file(path: str) -> Path:
    prefix = urlsplit(settings.STATIC_URL).path
    if not path.startswith(prefix):
        raise ValueError(f"Not a file of ours: {path}")
    name = path.removeprefix(prefix)
    collected = (Path(settings.STATIC_ROOT) / name).resolve()
    if collected.is_relative_to(Path(settings.STATIC_ROOT).resolve()) and collected.is_file():
        return collected
    found = finders.find(name)
    if not isinstance(found, str):
        raise ValueError(f"No such file: {path}")
    return Path(found)


def tagged_pdf(
    html: str, *, base_url: str = "", attachments: Mapping[str, bytes] | None = None
) -> bytes:
    """A PDF/UA-1 file of a whole HTML page, which needs a `<title>` and `lang`.

    `base_url` is what its links are relative to; `attachments` are files by name to go inside.
    Raises PdfUnavailable where the machine lacks Pango.
    """
    if UNAVAILABLE is not None:
        raise PdfUnavailable(
            "PDF files cannot be made here: the Pango library is missing. "
            "On Debian, install libpango-1.0-0 and libpangoft2-1.0-0."
        ) from UNAVAILABLE
    page = HTML(
        string=html,
        base_url=base_url or _NOWHERE,
        url_fetcher=_OwnFilesOnly(allowed_protocols={"data"}),
    )
    inside = [
        Attachment(string=content, name=name, description=name)
        for name, content in (attachments or {}).items()
    ]
    result: bytes = page.write_pdf(pdf_variant="pdf/ua-1", attachments=inside)
    return result
