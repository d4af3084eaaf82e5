"""Plants the demo's resources: the working-lives report, a toolkit, a recording, two links."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from learning_hub.home.demo import sound_check
from learning_hub.home.demo.information import PageText, read_page
from learning_hub.home.demo.lesson_text import read_body
from learning_hub.home.demo.planting import keep_file, lead_on, list_page, looked_after
from learning_hub.home.demo.stages import Stage
from learning_hub.media.models import HubDocument
from learning_hub.resources.models import (
    Highlight,
    ResourceFile,
    ResourceIndexPage,
    ResourcePage,
)

FOLDER = Path(__file__).parent / "content" / "resources"
INTRODUCTION = "Reports, toolkits, recordings and links for those who plan and give training."
# Former address → slug of the resource that replaces its page.
REPLACED = {"/working-lives-2022/": "working-lives-2022"}
GENERATED: dict[str, Callable[[], bytes]] = {
    "sound-check.mp3": sound_check.sound,
    "sound-check.vtt": sound_check.captions,
}
_HIGHLIGHTS = re.compile(r"^::: highlights\n(.*?)^:::$", re.MULTILINE | re.DOTALL)


def stage() -> Stage:
    """The stage that makes the resources."""
    return Stage("resources", "Resources", lambda: _Planting().plant_all())


def read_highlights(text: str) -> tuple[list[Highlight], str]:
    """The highlights at the start of a text, “value | unit | words” a line, and the rest of it."""
    found = _HIGHLIGHTS.search(text)
    lines = found[1].strip().splitlines() if found else []
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    highlights = [
        Highlight(value=value, unit=unit, text=words, sort_order=place)
        for place, (value, unit, words) in enumerate(rows)
    ]
    return highlights, _HIGHLIGHTS.sub("", text)


class _Planting:
    """One run; takes its files away again where it fails."""

    def __init__(self) -> None:
        self.documents: list[HubDocument] = []

    def plant_all(self) -> str:
        try:
            return self._plant_all()
        except Exception:
            for document in self.documents:
                document.file.delete(save=False)
            raise

    def _plant_all(self) -> str:
        index = list_page(
            ResourceIndexPage, title="Resources", slug="resources", introduction=INTRODUCTION
        )
        taken = set(index.get_children().values_list("slug", flat=True))
        pages = [read_page(file) for file in sorted(FOLDER.glob("*.md"))]
        missing = [page for page in pages if page.fields["slug"] not in taken]
        for page in missing:
            self._plant(index, page)
        for old_path, slug in REPLACED.items():
            if replacing := ResourcePage.objects.child_of(index).filter(slug=slug).first():
                lead_on(old_path, replacing)
        return f"{len(missing)} published, with {len(self.documents)} files"

    def _plant(self, index: ResourceIndexPage, page: PageText) -> None:
        highlights, text = read_highlights(page.text)
        planted = ResourcePage(
            **looked_after(page),
            **self._of_its_kind(page.fields),
            kind=page.fields["kind"],
            publisher=page.fields["publisher"],
            date_precision=page.fields["precision"],
            body=read_body(text, {}),
            highlights=highlights,
            files=list(self._files(page.fields)),
        )
        index.add_child(instance=planted)
        planted.save_revision(log_action=True).publish()

    def _of_its_kind(self, fields: dict[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {
            "address": fields.get("address", ""),
            "behind_address": fields.get("behind", ""),
            "needs_sign_in": fields.get("sign_in") == "yes",
        }
        if "published" in fields:
            values["published_on"] = dt.date.fromisoformat(fields["published"])
        if "recording" in fields:
            values["recording"] = self._keep(fields["title"], fields["recording"])
            values["captions"] = self._keep(f"{fields['title']}: captions", fields["captions"])
            values["transcript"] = f"<p>{fields['transcript']}</p>"
        return values

    def _files(self, fields: dict[str, str]) -> Iterator[ResourceFile]:
        for name in ("file", "second_file"):
            if name in fields:
                document = self._keep(fields[f"{name}_title"], fields[name])
                yield ResourceFile(document=document, description=fields[f"{name}_description"])

    def _keep(self, title: str, name: str) -> HubDocument:
        made = GENERATED.get(name)
        content = made() if made else (FOLDER / "files" / name).read_bytes()
        document = keep_file(title, name, content)
        self.documents.append(document)
        return document
