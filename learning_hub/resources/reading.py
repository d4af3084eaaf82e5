"""A resource as its readers see it: in the list, and on its own page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.dateformat import format as formatted

from learning_hub.media.models import HubDocument
from learning_hub.resources.kinds import DatePrecision, ResourceKind, is_film

if TYPE_CHECKING:
    from learning_hub.resources.models import Highlight, ResourcePage

_DATE_FORMATS = {DatePrecision.DAY: "j F Y", DatePrecision.MONTH: "F Y", DatePrecision.YEAR: "Y"}
# Lengths of the parts of an ISO date, which may be given without its day and month.
_ISO_LENGTHS = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}
_COLOURS = {
    ResourceKind.REPORT: "blue",
    ResourceKind.TOOLKIT: "green",
    ResourceKind.RECORDING: "purple",
    ResourceKind.LINK: "grey",
}


@dataclass(frozen=True)
class FileFacts:
    """The type of a file in capitals, and its size in bytes where that is known."""

    kind: str
    size: int | None


@dataclass(frozen=True)
class ResourceRow:
    """A resource in the list."""

    page: ResourcePage
    colour: str
    date: str
    iso_date: str
    files: tuple[FileFacts, ...]


@dataclass(frozen=True)
class Player:
    """What blocks/video.html and blocks/audio.html show."""

    title: str
    file: HubDocument | None
    captions: HubDocument | None
    transcript: str
    is_film: bool
    poster: None = None


@dataclass(frozen=True)
class ResourceView:
    """A resource on its own page. `figures` are the highlights that have one."""

    colour: str
    date: str
    iso_date: str
    figures: tuple[Highlight, ...]
    points: tuple[Highlight, ...]
    files: tuple[Any, ...]
    player: Player | None


def read_row(page: ResourcePage) -> ResourceRow:
    """A row of the list. No query where the files were read with the pages."""
    return ResourceRow(
        page=page,
        colour=_COLOURS[ResourceKind(page.kind)],
        date=date_in_words(page),
        iso_date=iso_date(page),
        files=tuple(_files(page)),
    )


def read_resource(page: ResourcePage) -> ResourceView:
    """The page of a resource. Two queries for its rows."""
    highlights = list(page.highlights.all())
    return ResourceView(
        colour=_COLOURS[ResourceKind(page.kind)],
        date=date_in_words(page),
        iso_date=iso_date(page),
        figures=tuple(each for each in highlights if each.value),
        points=tuple(each for each in highlights if not each.value),
        files=tuple(page.files.all().select_related("document")),
        player=_player(page) if page.is_recording else None,
    )


def date_in_words(page: ResourcePage) -> str:
    """The date as far as it is known: "3 September 2021", "September 2021", "2021", or ""."""
    if page.published_on is None:
        return ""
    return formatted(page.published_on, _DATE_FORMATS[DatePrecision(page.date_precision)])


def iso_date(page: ResourcePage) -> str:
    """The same for machines: "2021-09-03", "2021-09", "2021", or ""."""
    if page.published_on is None:
        return ""
    return page.published_on.isoformat()[: _ISO_LENGTHS[DatePrecision(page.date_precision)]]


def _files(page: ResourcePage) -> Iterator[FileFacts]:
    if page.is_recording and page.recording:
        yield _facts(page.recording)
    for row in page.files.all():
        yield _facts(row.document)


def _facts(document: HubDocument) -> FileFacts:
    # Not get_file_size(), which opens each file whose size was never noted.
    return FileFacts(document.file_extension.upper(), document.file_size)


def _player(page: ResourcePage) -> Player:
    ending = page.recording.file_extension if page.recording else ""
    return Player(
        title=page.title,
        file=page.recording,
        captions=page.captions,
        transcript=page.transcript,
        is_film=is_film(ending),
    )
