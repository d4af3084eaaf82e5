"""Describes a resource in the words of schema.org."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from learning_hub.blocks.plain_text import plain
from learning_hub.pages.origin import origin
from learning_hub.resources.kinds import ResourceKind, is_film
from learning_hub.resources.reading import iso_date

if TYPE_CHECKING:
    from learning_hub.resources.models import ResourcePage


def describe_resource(page: ResourcePage) -> dict[str, Any]:
    """A LearningResource, and a report or a film or a recording besides."""
    described: dict[str, Any] = {
        "@type": ["LearningResource", *_types(page)],
        "description": page.search_description or page.introduction,
        "learningResourceType": page.get_kind_display(),
        "publisher": {"@type": "Organization", "name": page.publisher},
    }
    if day := iso_date(page):
        described["datePublished"] = day
    if page.address:
        described["sameAs" if page.kind == ResourceKind.LINK else "isBasedOn"] = page.address
        described["isAccessibleForFree"] = not page.needs_sign_in
    if page.is_recording and page.recording:
        described |= {
            "contentUrl": f"{origin()}{page.recording.url}",
            "encodingFormat": page.recording.content_type,
            "transcript": plain(page.transcript),
        }
        if page.first_published_at:
            described["uploadDate"] = page.first_published_at.isoformat()
    return described


def _types(page: ResourcePage) -> list[str]:
    if page.kind == ResourceKind.REPORT:
        return ["Report"]
    if page.is_recording and page.recording:
        return ["VideoObject" if is_film(page.recording.file_extension) else "AudioObject"]
    return []
