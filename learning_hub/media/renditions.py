"""Serves pictures from this site's own origin, wherever they are stored.

Only the sizes made for pages lie below images/. What editors uploaded lies elsewhere and is not
served; documents go through the view that knows who may see them.
"""

from __future__ import annotations

import mimetypes
from datetime import datetime
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from learning_hub.media.stored_files import StorageUnreachable

FOLDER = "images"
LONGEST = 255  # characters of a name
# A day: a name is given out again once its picture is deleted, so no browser may keep it for ever.
CACHE_CONTROL = "public, max-age=86400"
RETRY_AFTER = "30"  # seconds


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture: 304 where the browser has it, 404 where there is none, 503 without the store."""
    content_type, encoding = mimetypes.guess_type(path)
    if not _is_a_name(path) or not (content_type or "").startswith("image/") or encoding:
        raise Http404("There is no such picture.")
    name = f"{FOLDER}/{path}"
    try:
        file = default_storage.open(name)
        modified = default_storage.get_modified_time(name)
        size = file.size
    except StorageUnreachable:
        return HttpResponse(status=503, headers={"Retry-After": RETRY_AFTER})
    except (OSError, ValueError, SuspiciousOperation):
        raise Http404("There is no such picture.") from None
    headers = _headers(modified, size, str(content_type))
    unsent = HttpResponse(headers=headers)
    etag, changed = headers["ETag"], int(modified.timestamp())
    answer = get_conditional_response(request, etag, changed, unsent)
    if answer is not None and answer is not unsent:
        file.close()
        return answer
    return FileResponse(file, content_type=content_type, headers=headers)


def _is_a_name(path: str) -> bool:
    """Whether this can name a file below the folder, in any storage."""
    pieces = path.split("/")
    return (
        len(path) <= LONGEST
        and path.isprintable()
        and "\\" not in path
        and not any(piece in ("", ".", "..") for piece in pieces)
    )


def _headers(modified: datetime, size: int, content_type: str) -> dict[str, Any]:
    headers = {
        "Cache-Control": CACHE_CONTROL,
        "Content-Length": str(size),
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "ETag": f'"{int(modified.timestamp() * 1_000_000):x}-{size:x}"',
        "Last-Modified": http_date(modified.timestamp()),
        "X-Content-Type-Options": "nosniff",
    }
    if content_type != "image/svg+xml":
        headers["Content-Encoding"] = "identity"  # compressed already
    return headers
