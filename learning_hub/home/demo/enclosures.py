"""Adds to the demo's studies what an import cannot carry: pictures, kit files, related studies."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from openpyxl import Workbook
from openpyxl.styles import Font

from case_studies.models import CaseStudyPage
from case_studies.rows import KitFile, RelatedStudy
from learning_hub.home.demo import illustrations
from learning_hub.home.demo.stages import Stage
from learning_hub.media.models import HubDocument, HubImage

CONTENT = Path(__file__).parent / "content"
CREDIT = "Drawn for the Learning Hub"


def stage() -> Stage:
    """The stage that completes the studies."""
    return Stage("enclosures", "Pictures and kit files", lambda: _Enclosing().enclose_all())


class _Enclosing:
    """One run: draws each picture once, and takes its files away again where it fails."""

    def __init__(self) -> None:
        self.pictures: dict[str, HubImage] = {}
        self.documents: list[HubDocument] = []

    def enclose_all(self) -> str:
        try:
            return self._enclose_all()
        except Exception:
            for file in self._files():
                file.delete(save=False)
            raise

    def _files(self) -> list[FieldFile]:
        pictures = [picture.file for picture in self.pictures.values()]
        return [*pictures, *(document.file for document in self.documents)]

    def _enclose_all(self) -> str:
        listed = json.loads((CONTENT / "enclosures.json").read_text(encoding="utf-8"))
        studies = CaseStudyPage.objects.in_bulk(field_name="external_id")
        for entry in listed:
            if study := studies.get(entry["study"]):  # an editor may have deleted it meanwhile
                self._enclose(study, entry, studies)
        return f"{len(self.pictures)} pictures, {len(self.documents)} files"

    def _enclose(
        self, study: CaseStudyPage, entry: dict[str, Any], studies: dict[str, CaseStudyPage]
    ) -> None:
        if motif := entry.get("picture"):
            study.image = self._picture(motif)
            study.image_alt_text = entry.get("alt_text", "")
            study.image_is_decorative = not study.image_alt_text
        study.kit_files = [
            KitFile(document=self._document(kit), description=kit["description"])
            for kit in entry.get("kit", [])
        ]
        study.chosen_related = [
            RelatedStudy(related=studies[other])
            for other in entry.get("related", [])
            if other in studies
        ]
        study.save_revision(log_action=True).publish()

    def _picture(self, motif: str) -> HubImage:
        if motif not in self.pictures:
            image = HubImage(title=f"Illustration: {motif.replace('-', ' ')}", credit=CREDIT)
            image.file = ContentFile(illustrations.draw(motif), f"{motif}.png")
            image._set_image_file_metadata()
            self.pictures[motif] = image
            image.save()
        return self.pictures[motif]

    def _document(self, kit: dict[str, str]) -> HubDocument:
        document = HubDocument(title=kit["title"], file=_file(kit))
        document._set_document_file_metadata()
        self.documents.append(document)
        document.save()
        return document


def _file(kit: dict[str, str]) -> ContentFile[bytes]:
    source = CONTENT / "kit" / kit["file"]
    if kit.get("as") == "xlsx":
        return ContentFile(_workbook(source), f"{source.stem}.xlsx")
    return ContentFile(source.read_bytes(), source.name)


def _workbook(source: Path) -> bytes:
    """A table as a spreadsheet that is ready to print: bold headings, columns wide enough."""
    rows = list(csv.reader(source.read_text(encoding="utf-8").splitlines()))
    book = Workbook()
    sheet = book.active or book.create_sheet()
    for row in rows:
        sheet.append(row)
    for number, cells in enumerate(zip(*rows, strict=True), start=1):
        heading = sheet.cell(row=1, column=number)
        heading.font = Font(bold=True)
        sheet.column_dimensions[heading.column_letter].width = max(map(len, cells)) + 2
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
