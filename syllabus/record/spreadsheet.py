"""The record as CSV: one line a record, newest first, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from learning_hub.exports.formulas import without_formula
from syllabus.record.addresses import certificate_address
from syllabus.record.history import Event, History

COLUMNS = (
    "record",
    "at",
    "what",
    "module",
    "module_key",
    "module_version",
    "time_through",
    "lesson",
    "attempt",
    "correct",
    "total",
    "percent",
    "passed",
    "expires_at",
    "certificate",
    "in_words",
)


def as_csv(past: History) -> bytes:
    """UTF-8 with a byte order mark, by which Excel knows that it is UTF-8. Dates are ISO 8601."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for event in past.events:
        writer.writerow({name: _written(cell) for name, cell in _cells(event).items()})
    return text.getvalue().encode("utf-8-sig")


def _cells(event: Event) -> dict[str, Any]:
    done, completion, certificate = event.submission, event.completion, event.certificate
    return {
        "record": event.record,
        "at": event.at,
        "what": event.kind.value,
        "module": event.title,
        "module_key": event.module_key,
        "module_version": event.edition.version if event.edition else None,
        "time_through": event.enrolment.number,
        "lesson": event.lesson.title if event.lesson else None,
        "attempt": event.attempt.number if event.attempt else None,
        "correct": done.correct if done else None,
        "total": done.total if done else None,
        "percent": done.percent if done else None,
        "passed": ("yes" if done.passed else "no") if done else None,
        "expires_at": completion.expires_at if completion else None,
        "certificate": certificate_address(certificate) if certificate else None,
        "in_words": event.words,
    }


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    text = cell.isoformat(timespec="seconds") if isinstance(cell, dt.datetime) else str(cell)
    return without_formula(text)
