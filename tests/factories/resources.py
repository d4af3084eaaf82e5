"""Resources for tests: of each kind, complete enough to be published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Site

from learning_hub.media.models import HubDocument
from learning_hub.resources.models import (
    Highlight,
    ResourceFile,
    ResourceIndexPage,
    ResourcePage,
)

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nWelcome.\n"


def make_resource_index() -> ResourceIndexPage:
    """The list at /resources/: the one that is there, or a new one."""
    if existing := ResourceIndexPage.objects.first():
        return existing
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=ResourceIndexPage(title="Resources", slug="resources"))


def make_file(name: str = "plan.txt", content: bytes = b"Set up at eight.") -> HubDocument:
    """A small file in the document library, its size noted as an upload notes it."""
    document = HubDocument(title=f"The file {name}", file=ContentFile(content, name=name))
    document._set_document_file_metadata()
    document.save()
    return document


def draft_resource(kind: str = "link", title: str = "Good practice", **fields: Any) -> ResourcePage:
    """An unsaved resource of `kind`, with what its kind needs unless `fields` say otherwise."""
    values: dict[str, Any] = {
        "publisher": "General Medical Council",
        "published_on": dt.date(2022, 6, 14),
        "introduction": "What doctors should do.",
        "body": [("paragraph", "<p>Read the part on supervision.</p>")],
    }
    values |= {
        "report": {"files": [ResourceFile(document=make_file("report.pdf"))]},
        "toolkit": {"files": [ResourceFile(document=make_file("sheet.csv"), description="Plan.")]},
        "recording": {
            "recording": make_file("talk.mp3", b"ID3"),
            "captions": make_file("talk.vtt", CAPTIONS),
            "transcript": "<p>Welcome to the talk.</p>",
        },
        "link": {"address": "https://www.gmc-uk.org/", "behind_address": "a web page"},
    }[kind]
    return ResourcePage(kind=kind, title=title, **{**values, **fields})


def make_resource(kind: str = "link", title: str = "Good practice", **fields: Any) -> ResourcePage:
    """A published resource of `kind`."""
    return make_resource_index().add_child(instance=draft_resource(kind, title, **fields))


def make_full_report(**fields: Any) -> ResourcePage:
    """A report with highlights, files and an address."""
    return make_resource(
        "report",
        "Working lives",
        highlights=[
            Highlight(text="doctors train less than full time", value="800", unit="doctors"),
            Highlight(text="was invested", value="£26", unit="million"),
            Highlight(text="Experience gained elsewhere counts"),
        ],
        address="https://www.gmc-uk.org/report",
        behind_address="a PDF of 40 pages",
        source="Written for tests.",
        **fields,
    )
