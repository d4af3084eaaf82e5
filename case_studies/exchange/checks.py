"""Checks the rows of a file one by one and against each other, before anything is imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from case_studies import publishing
from case_studies.exchange.cells import Unacceptable, Vocabularies, empty, read
from case_studies.exchange.columns import (
    MAX_ROWS_OF_A_KIND,
    NEEDED_ALWAYS,
    NEEDED_TO_PUBLISH,
    ROW_KINDS,
    RowKind,
    field_of,
    study_field,
)
from case_studies.exchange.records import Record
from case_studies.exchange.sheets import SheetRow


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong with one cell, or with a whole row or file where `column` or `row` is empty."""

    row: int
    column: str
    message: str


@dataclass
class CheckedRow:
    """A row that could be read: `record` holds the columns that the file has."""

    number: int
    record: Record


@dataclass
class Checked:
    """The rows that are fit to import, and what is wrong with the others."""

    rows: list[CheckedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Note `problems` and take their rows out."""
        self.problems.extend(problems)
        self.problems.sort()
        bad = {problem.row for problem in self.problems}
        self.rows = [row for row in self.rows if row.number not in bad]


def check_rows(rows: Iterable[SheetRow], vocabularies: Vocabularies) -> Checked:
    """Read every cell and compare the rows with each other. Needs no study."""
    checked = Checked()
    problems: list[Problem] = []
    for row in rows:
        if row.fault:
            problems.append(Problem(row.number, "", row.fault))
            continue
        found: list[Problem] = []
        checked.rows.append(CheckedRow(row.number, _record(row, vocabularies, found)))
        problems += found
    checked.refuse(problems)
    checked.refuse(_said_twice(checked.rows, "external_id"))
    checked.refuse(_said_twice(checked.rows, "slug"))
    return checked


def _record(row: SheetRow, vocabularies: Vocabularies, problems: list[Problem]) -> Record:
    """The settled values of a row; what is wrong with it goes to `problems`."""
    record: Record = {}
    for name, raw in row.values.items():
        try:
            record[name] = read(study_field(name), raw, vocabularies)
        except Unacceptable as error:
            problems.append(Problem(row.number, name, str(error)))
    unread = {problem.column for problem in problems}
    for name in NEEDED_ALWAYS:
        if not record.get(name) and name not in unread:
            problems.append(Problem(row.number, name, _needs(name)))
    for kind in ROW_KINDS:
        if kind.name in row.rows:
            record[kind.name] = list(_rows_of(kind, row, vocabularies, problems))
    problems.extend(contradictions(row.number, record))
    return record


def _needs(name: str) -> str:
    length = study_field(name).max_length
    return f"It is empty. Give a text of up to {length} characters."


def _rows_of(
    kind: RowKind, row: SheetRow, vocabularies: Vocabularies, problems: list[Problem]
) -> Iterator[Record]:
    """The rows of one kind that say anything, in order."""
    for place, raw in sorted(row.rows[kind.name].items()):
        if all(value is None or value == "" for value in raw.values()):
            continue
        if place > MAX_ROWS_OF_A_KIND:
            message = f"There are more than {MAX_ROWS_OF_A_KIND} {kind.name}."
            problems.append(Problem(row.number, kind.name, message))
            return
        yield _row_of(kind, place, raw, row.number, vocabularies, problems)


def _row_of(
    kind: RowKind,
    place: int,
    raw: dict[str, Any],
    number: int,
    vocabularies: Vocabularies,
    problems: list[Problem],
) -> Record:
    values: Record = {}
    for key in kind.keys:
        column = field_of(kind.model, key)
        values[key] = empty(column)
        try:
            values[key] = read(column, raw.get(key), vocabularies)
        except Unacceptable as error:
            problems.append(Problem(number, kind.column(place, key), str(error)))
            continue
        if kind.needs(key) and not values[key]:
            problems.append(Problem(number, kind.column(place, key), _what_is_needed(column)))
    problems.extend(_row_contradictions(kind, place, values, number))
    return values


def _what_is_needed(column: models.Field[Any, Any]) -> str:
    if column.choices:
        accepted = ", ".join(str(value) for value, _ in column.flatchoices)
        return f"It is empty. Use one of: {accepted}."
    return f"It is empty, but other columns of the same row are filled in. Give the {column.name}."


def _row_contradictions(
    kind: RowKind, place: int, values: Record, number: int
) -> Iterator[Problem]:
    """What the row's own model refuses, such as more who finished than started."""
    plain = {key: value for key, value in values.items() if key != "region"}
    try:
        kind.model(**plain).clean()
    except ValidationError as error:
        for key, messages in error.message_dict.items():
            yield Problem(number, kind.column(place, key), " ".join(messages))


def contradictions(number: int, record: Record) -> Iterator[Problem]:
    """A problem where values of one row cannot both be true."""
    started, ended = record.get("started_on"), record.get("ended_on")
    if started and ended and ended < started:
        yield Problem(number, "ended_on", "It cannot end before it started.")


def _said_twice(rows: list[CheckedRow], column: str) -> Iterator[Problem]:
    """Each row after the first that gives the same value in a column of names."""
    first: dict[str, int] = {}
    for row in rows:
        value = row.record.get(column)
        if value and first.setdefault(value, row.number) != row.number:
            message = f"“{value[:80]}” is in row {first[value]} already. Give each study its own."
            yield Problem(row.number, column, message)


def lacking_to_publish(number: int, record: Record) -> Iterator[Problem]:
    """A problem for each field that a study needs before anyone may see it."""
    for name in NEEDED_TO_PUBLISH:
        if not record.get(name):
            advice = publishing.message_for(name, publishing.NEEDED[name])
            message = f"It is empty. {advice} Or import with --draft."
            yield Problem(number, name, message)
