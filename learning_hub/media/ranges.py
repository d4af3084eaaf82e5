"""Serves the part of a film or recording that a player asks for, so that one can jump in it.

Wagtail serves files whole, and Safari plays none that it cannot ask for in parts.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from wagtail import hooks
from wagtail.documents.views.serve import serve as serve_whole

from learning_hub.media.models import HubDocument
from learning_hub.media.stored_files import part

# Compressed, a file would have other bytes than those that were asked for.
_AS_IT_IS = {"Accept-Ranges": "bytes", "Content-Encoding": "identity"}
# One range, by its first and last byte or by how many from the end (RFC 9110, 14.1.2).
_RANGE = re.compile(r"bytes=(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))", re.ASCII)


def serve(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """A document as Wagtail serves it, or a part of one that is played.

    A part is answered with 206, one that lies outside with 416. Wagtail's hooks refuse those who
    may not see it, whole or in part.
    """
    document = HubDocument.objects.filter(pk=document_id).first()
    is_here = document is not None and document.filename == document_filename
    if not is_here or document.content_type not in settings.HUB_MEDIA_TYPES.values():
        return serve_whole(request, document_id, document_filename)
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    version = f'"{document.file_hash}"'
    if asked is None or request.headers.get("If-Range", version) != version:
        whole = serve_whole(request, document_id, document_filename)
        for name, value in _AS_IT_IS.items():
            whole.headers[name] = value
        return whole
    for hook in hooks.get_hooks("before_serve_document"):
        if isinstance(refusal := hook(document, request), HttpResponse):
            return refusal
    return _answer(document, asked, version)


def _answer(document: HubDocument, asked: re.Match[str], version: str) -> HttpResponseBase:
    size = document.file.size
    start, end = _bounds(asked, size)
    if not 0 <= start <= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    return StreamingHttpResponse(
        part(document.file.storage, document.file.name, start, end - start + 1),
        status=206,
        content_type=document.content_type,
        headers={
            **_AS_IT_IS,
            "Content-Disposition": document.content_disposition,
            "Content-Length": str(end - start + 1),
            "Content-Range": f"bytes {start}-{end}/{size}",
            "Content-Security-Policy": "default-src 'none'",
            "ETag": version,
            "X-Content-Type-Options": "nosniff",
        },
    )


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """The first and the last byte; the first beyond the last where there is no such part."""
    first, last, from_end = asked.groups()
    if from_end is not None:
        return (max(0, size - int(from_end)), size - 1) if int(from_end) else (0, -1)
    return int(first), min(int(last), size - 1) if last else size - 1
