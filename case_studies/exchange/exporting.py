"""Writes studies as CSV, XLSX or JSON that an import reads back to the same studies."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from django.db.models import Count, Max
from openpyxl import Workbook

from case_studies.exchange import running_text
from case_studies.exchange.cells import Vocabularies, empty
from case_studies.exchange.checks import check_rows
from case_studies.exchange.columns import (
    MAX_ROWS_OF_A_KIND,
    ROW_KINDS,
    STUDY_COLUMNS,
    numbered_columns,
    study_field,
)
from case_studies.exchange.records import Record, as_json, describe
from case_studies.exchange.sheets import json_row
from case_studies.models import CaseStudyPage, CaseStudyQuerySet
from learning_hub.blocks.outside_html import UncleanableHtml
from learning_hub.exports.formulas import without_formula

BATCH = 100
EXAMPLE = Path(__file__).with_name("example.json")
_KIND_NAMES = tuple(kind.name for kind in ROW_KINDS)
MAX_XLSX_CELL = 32_767  # Excel's own limit


class CannotExport(ValueError):
    """A study holds what the format cannot carry; the message names the study."""


def published_studies() -> CaseStudyQuerySet:
    """The studies that an export writes: published ones, in the order they were made."""
    return CaseStudyPage.objects.live().filter(alias_of__isnull=True).order_by("pk")


def export_studies(studies: CaseStudyQuerySet, stream: BinaryIO, file_format: str) -> int:
    """Write `studies` to `stream` as "csv", "xlsx" or "json"; returns how many.

    Studies are read in batches. Raises CannotExport.
    """
    columns = [] if file_format == "json" else _columns(_most_rows(studies))
    return _WRITERS[file_format](_records(studies), columns, stream)


def export_template(stream: BinaryIO, file_format: str) -> int:
    """Write the example study of the import template, with room for two rows of each kind."""
    rows = [json_row(1, study) for study in json.loads(EXAMPLE.read_text(encoding="utf-8"))]
    blank = {name: empty(study_field(name)) for name in STUDY_COLUMNS}
    records = [{**blank, **row.record} for row in check_rows(rows, Vocabularies()).rows]
    return _WRITERS[file_format](records, _columns(dict.fromkeys(_KIND_NAMES, 2)), stream)


def _records(studies: CaseStudyQuerySet) -> Iterator[Record]:
    for study in studies.with_everything_shown().iterator(chunk_size=BATCH):
        try:
            yield describe(study)
        except UncleanableHtml as error:
            raise CannotExport(f"“{study.title}”: {error}") from None


def _write_json(records: Iterable[Record], columns: Sequence[str], stream: BinaryIO) -> int:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="\n", write_through=True)
    count = 0
    for count, record in enumerate(records, start=1):
        text.write("[\n" if count == 1 else ",\n")
        text.write(json.dumps(as_json(record), ensure_ascii=False, indent=2))
    text.write("\n]\n" if count else "[]\n")
    text.detach()
    return count


def _write_csv(records: Iterable[Record], columns: Sequence[str], stream: BinaryIO) -> int:
    # Excel needs the byte order mark to know that it is UTF-8.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for record in records:
        count += 1
        cells = _cells(record)
        writer.writerow([without_formula(_as_text(cells.get(name))) for name in columns])
    text.detach()
    return count


def _write_xlsx(records: Iterable[Record], columns: Sequence[str], stream: BinaryIO) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Case studies")
    sheet.freeze_panes = "B2"
    sheet.append(columns)
    count = 0
    try:
        for record in records:
            cells = _cells(record)
            sheet.append([_xlsx_cell(cells.get(name), record["external_id"]) for name in columns])
            count += 1
    finally:
        sheet.close()  # it writes to a file of its own, which a refusal must not leave open
    book.save(stream)
    return count


_WRITERS: dict[str, Callable[[Iterable[Record], Sequence[str], BinaryIO], int]] = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
    "json": _write_json,
}


def _xlsx_cell(cell: Any, external_id: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    if len(cell) >= MAX_XLSX_CELL:
        raise CannotExport(
            f"A text of the study “{external_id}” has {len(cell):,} characters, more than a cell "
            "of XLSX holds. Export as CSV or JSON."
        )
    return without_formula(cell)


def _columns(most_rows: dict[str, int]) -> list[str]:
    return [*STUDY_COLUMNS, *numbered_columns(most_rows)]


def _cells(record: Record) -> dict[str, Any]:
    """The cells of a study by the name of their column; empty ones are left out."""
    cells = {name: _cell(name, record[name]) for name in STUDY_COLUMNS}
    for kind in ROW_KINDS:
        for number, row in enumerate(record[kind.name], start=1):
            cells |= {kind.column(number, key): _cell(key, row[key]) for key in kind.keys}
    return cells


def _most_rows(studies: CaseStudyQuerySet) -> dict[str, int]:
    """The most rows of each kind that any of the studies has, at least one, for the header."""
    most = {}
    for kind in ROW_KINDS:
        rows = kind.model._default_manager.filter(study__in=studies.order_by()).order_by()
        counts = rows.values("study").annotate(rows=Count("pk")).aggregate(most=Max("rows"))
        most[kind.name] = max(1, counts["most"] or 0)
        if most[kind.name] > MAX_ROWS_OF_A_KIND:
            raise CannotExport(f"A study has {most[kind.name]} {kind.name}. Export as JSON.")
    return most


def _cell(name: str, value: Any) -> Any:
    """The value in the types of a spreadsheet: text, number, date or nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    if name == "body":
        return _body_cell(value)
    if isinstance(value, str) and value.startswith("<"):
        return running_text.as_typed(value)
    return None if value == "" else value


def _body_cell(described: Iterable[Any]) -> str | None:
    written = as_json({"body": described})["body"]
    if isinstance(written, str):
        return written
    return json.dumps(written, ensure_ascii=False) if written else None


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)
