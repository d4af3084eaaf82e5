"""The files of guidance and the texts of its versions, read together in one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, FilteredRelation, Q
from django.http import HttpRequest

from learning_hub.media.models import HubDocument

if TYPE_CHECKING:
    from learning_hub.guidance.models import GuidancePage


@dataclass(frozen=True)
class File:
    """A file to download, and what it is for."""

    document: HubDocument
    description: str


@dataclass(frozen=True)
class Version:
    """One version in the history; `document` is its text where that is kept."""

    label: str
    issued_on: dt.date | None
    what_changed: str
    document: HubDocument | None


def read_files(
    page: GuidancePage, request: HttpRequest
) -> tuple[tuple[File, ...], tuple[Version, ...]]:
    """The files and the history of `page`. One query, but for a preview."""
    history = [block["value"] for block in page.versions.raw_data]
    documents = _documents(page, [row.get("document") for row in history])
    if getattr(request, "is_preview", False):
        files = [File(row.document, row.description) for row in page.files.all()]
    else:
        files = [File(one, one.told) for one in documents if one.told is not None]
    by_id = {document.pk: document for document in documents}
    return tuple(files), tuple(_versions(history, by_id))


def _documents(page: GuidancePage, ids: Iterable[int | None]) -> list[Any]:
    """The documents of the page's rows, in their order, and those of `ids`."""
    own = FilteredRelation("guidance_files", condition=Q(guidance_files__page=page.pk))
    wanted = Q(own__isnull=False) | Q(pk__in=[pk for pk in ids if pk])
    found = HubDocument.objects.annotate(own=own).filter(wanted)
    return list(found.annotate(told=F("own__description")).order_by("own__sort_order", "pk"))


def _versions(
    history: Iterable[Mapping[str, Any]], documents: Mapping[int, HubDocument]
) -> Iterable[Version]:
    for row in history:
        issued_on = row.get("issued_on")
        yield Version(
            label=row["version"],
            issued_on=dt.date.fromisoformat(issued_on) if issued_on else None,
            what_changed=row["what_changed"],
            document=documents.get(row.get("document") or 0),
        )
