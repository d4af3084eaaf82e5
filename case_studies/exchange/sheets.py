"""Reads an exchange file into rows: CSV, XLSX or JSON, whatever is wrong with it said clearly."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from case_studies.exchange.cells import NotAValue
from case_studies.exchange.columns import NEEDED_ALWAYS, NUMBERED, ROW_KINDS, STUDY_COLUMNS
from learning_hub.exports.formulas import as_it_was

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 100 * MEGABYTE
# A workbook of 5,000 long studies unpacks to about 60 MB.
MAX_UNPACKED_BYTES = 250 * MEGABYTE
MAX_PARTS = 1_000
MAX_COLUMNS = 2_000
MAX_ROWS = 50_000

_KIND_NAMES = tuple(kind.name for kind in ROW_KINDS)


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why, and what would be accepted."""


@dataclass(frozen=True)
class SheetRow:
    """One study as the file has it: `number` is the row in a spreadsheet, or the place in a list.

    `values` maps columns to raw values; `rows` maps a kind of rows to its raw rows by number.
    `fault` says why the row as a whole cannot be read.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    fault: str = ""


def read_file(path: Path) -> list[SheetRow]:
    """All rows of the file, by the ending of its name. Raises UnreadableFile."""
    readers: dict[str, Callable[[Path], Iterable[SheetRow]]] = {
        ".csv": _read_csv,
        ".xlsx": _read_xlsx,
        ".json": _read_json,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(f"“{path.name}” is not a .csv, .xlsx or .json file.")
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableFile(f"The file is larger than {MAX_FILE_BYTES // MEGABYTE} MB.")
        rows = list(reader(path))
    except OSError as error:
        raise UnreadableFile(f"The file cannot be opened: {error.strerror}.") from None
    if not rows:
        raise UnreadableFile("The file has no rows of studies.")
    return rows


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"The file is not UTF-8 (line {line}). In Excel, save it as “CSV UTF-8”."
        ) from None


# --- JSON


def _read_json(path: Path) -> Iterator[SheetRow]:
    studies = _parsed(_decoded(path))
    if not isinstance(studies, list):
        raise UnreadableFile("The JSON is not a list of objects, one for each study.")
    if len(studies) > MAX_ROWS:
        raise UnreadableFile(f"The file has more than {MAX_ROWS:,} studies.")
    for number, study in enumerate(studies, start=1):
        yield json_row(number, study)


def _parsed(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not a number")

    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=refuse, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnreadableFile(f"The JSON is broken at {where}: {error.msg}.") from None
    except (ValueError, ArithmeticError) as error:
        raise UnreadableFile(f"The JSON cannot be read: {error}.") from None
    except RecursionError:
        raise UnreadableFile("The JSON nests too deep.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"an object has the key “{twice[:60]}” twice")
    return read


def json_row(number: int, study: Any) -> SheetRow:
    """The row for one object of a JSON list; its fault says what is wrong with the shape."""
    if not isinstance(study, dict):
        return SheetRow(number, fault="This is not an object with the fields of a study.")
    for name in study:
        if name not in STUDY_COLUMNS and name not in _KIND_NAMES:
            return SheetRow(number, fault=_unknown_column(name, (*STUDY_COLUMNS, *_KIND_NAMES)))
    rows = {}
    for kind in ROW_KINDS:
        listed = study.get(kind.name, ...)
        if listed is ...:
            continue
        if not isinstance(listed or [], list):
            return SheetRow(number, fault=f"“{kind.name}” is not a list of objects.")
        for row in listed or []:
            if not isinstance(row, dict):
                return SheetRow(number, fault=f"“{kind.name}” holds something that is no object.")
            if unknown := [key for key in row if key not in kind.keys]:
                fault = f"In “{kind.name}”: {_unknown_column(unknown[0], kind.keys)}"
                return SheetRow(number, fault=fault)
        rows[kind.name] = dict(enumerate(listed or [], start=1))
    values = {name: value for name, value in study.items() if name in STUDY_COLUMNS}
    return SheetRow(number, values, rows)


# --- tables: CSV and XLSX


def _read_csv(path: Path) -> Iterator[SheetRow]:
    text = _decoded(path)
    first_line = next(iter(text.splitlines()), "")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first_line))
    return _table(_csv_cells(lines))


def _delimiter(header: str) -> str:
    """The divider that finds more known columns in the header."""

    def known(delimiter: str) -> int:
        return sum(_settled_name(name) in STUDY_COLUMNS for name in header.split(delimiter))

    return ";" if known(";") > known(",") else ","


def _csv_cells(lines: Iterator[list[str]]) -> Iterator[list[Any]]:
    try:
        for cells in lines:
            yield [_unquoted(cell) for cell in cells]
    except csv.Error as error:
        raise UnreadableFile(
            f"The CSV is broken near its end or has a huge cell: {error}."
        ) from None


def _unquoted(cell: Any) -> Any:
    """Take away the quotation mark that an export put before what looks like a formula."""
    return as_it_was(cell) if isinstance(cell, str) else cell


def _read_xlsx(path: Path) -> Iterator[SheetRow]:
    _refuse_bombs(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
        if not book.worksheets:
            raise UnreadableFile("The workbook has no sheet.")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a sheet may claim a million columns
        lines = ([_xlsx_value(cell) for cell in cells] for cells in sheet.iter_rows())
        yield from _table(lines, leaves_out_empty_ends=True)
        book.close()
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("The workbook is broken. Open it and save it again.") from None
    except (InvalidFileException, zipfile.BadZipFile, ParseError, RuntimeError):
        raise UnreadableFile("The file is not a readable XLSX workbook.") from None


def _refuse_bombs(path: Path) -> None:
    """Refuse what would unpack to more than memory; zipfile reads no more than a part declares."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, RuntimeError):
        raise UnreadableFile("The file is not an XLSX workbook.") from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise UnreadableFile("The workbook unpacks to more than a workbook of studies would.")
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableFile("The workbook is protected by a password. Save it without one.")


def _xlsx_value(cell: Any) -> Any:
    kind = getattr(cell, "data_type", "n")
    if kind == "f":
        return NotAValue("a formula")
    if kind == "e":
        return NotAValue(f"an error ({cell.value})")
    value = cell.value
    return value.date() if isinstance(value, dt.datetime) else _unquoted(value)


def _table(
    lines: Iterable[Sequence[Any]], *, leaves_out_empty_ends: bool = False
) -> Iterator[SheetRow]:
    """Rows from lines of cells; the first line holds the names of the columns.

    A workbook leaves out empty cells at the end of a row. In a CSV, cells that are not there say
    nothing, so that a file that was cut off empties no field.
    """
    numbered = enumerate(lines, start=1)
    _, header = next(numbered, (1, ()))
    names = _columns(header)
    found = 0
    for number, cells in numbered:
        if all(cell is None or cell == "" for cell in cells):
            continue
        found += 1
        if found > MAX_ROWS:
            raise UnreadableFile(f"The file has more than {MAX_ROWS:,} rows.")
        missing = len(names) - len(cells) if leaves_out_empty_ends else 0
        yield _table_row(number, names, [*cells, *[None] * missing])


def _columns(header: Sequence[Any]) -> list[str]:
    """The settled names of the columns. Raises UnreadableFile for any that cannot be."""
    names = [_settled_name(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnreadableFile("The file is empty: its first row must hold the column names.")
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(f"The file has {len(names):,} columns; at most {MAX_COLUMNS:,}.")
    known = {*STUDY_COLUMNS, *NUMBERED}
    if unknown := [name for name in names if name not in known]:
        raise UnreadableFile(_unknown_column(unknown[0], tuple(known)))
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableFile(f"The column “{twice}” is there twice.")
    if missing := [name for name in NEEDED_ALWAYS if name not in names]:
        raise UnreadableFile(f"These columns are missing: {', '.join(missing)}.")
    return names


def _settled_name(cell: Any) -> str:
    return re.sub(r"[\s-]+", "_", str(cell or "").strip().strip('"').lower())


def _unknown_column(name: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name[:80], known, n=1)
    advice = f"Did you mean “{close[0]}”?" if close else "See the import template for the columns."
    return f"“{name[:80] or '(no name)'}” is not a column. {advice}"


def _table_row(number: int, names: list[str], cells: Sequence[Any]) -> SheetRow:
    surplus = [cell for cell in cells[len(names) :] if cell not in (None, "")]
    if surplus:
        fault = (
            f"The row has {len(cells)} cells, the header {len(names)}. Is a quotation mark missing?"
        )
        return SheetRow(number, fault=fault)
    row = SheetRow(number)
    for name, cell in zip(names, cells, strict=False):
        if name in NUMBERED:
            kind, place, key = NUMBERED[name]
            row.rows.setdefault(kind.name, {}).setdefault(place, {})[key] = cell
        else:
            row.values[name] = cell
    return row
