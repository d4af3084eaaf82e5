"""Writes the log: one JSON object a line, with the request's id, and without personal data."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter

from learning_hub.operations import visit
from learning_hub.operations.private_words import path_of, without_personal_data

_OURS = ("learning_hub.", "search.", "case_studies.", "syllabus.")
_SECURITY = "django.security."
_MOST_FRAMES = 40


class JsonLines(JsonFormatter):
    """Each record as one line. Of what a record carries, only what is known to be harmless."""

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],
    ) -> None:
        """See JsonFormatter; what it would take from the record by itself is not taken."""
        log_data.update(facts_of(record))


class PlainLines(logging.Formatter):
    """The same, for people who read it as it comes."""

    def format(self, record: logging.LogRecord) -> str:
        """The facts of a record in one line, an exception's frames in lines below it."""
        facts = facts_of(record)
        frames = facts.pop("exception", [])
        head = f"{facts.pop('time')} {facts.pop('level')} {facts.pop('logger')}"
        message = facts.pop("message")
        rest = " ".join(f"{name}={value}" for name, value in facts.items())
        return "\n    ".join([f"{head} {message} {rest}".rstrip(), *frames])


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is written of a record: time, level, logger, message, request's id, own facts.

    Of an exception, its type and where it came from: its text may hold what somebody typed.
    """
    facts: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": _message(record),
    }
    if request_id := visit.current_id():
        facts["request_id"] = request_id
    facts.update(getattr(record, "facts", {}))
    if record.exc_info and record.exc_info[1] is not None:
        facts["exception"] = _exception(record.exc_info[1])
    return facts


def _message(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    args = record.args
    if record.name.startswith(_SECURITY) and not args:
        # Django gives the text of the exception, which quotes what was sent.
        return f"Refused: {record.name.removeprefix(_SECURITY)}"
    if isinstance(args, tuple) and args:
        # Django's own lines about a request end with its path.
        given = (*args[:-1], path_of(request)) if isinstance(request, HttpRequest) else args
        message = record.msg % tuple(_plain(arg) for arg in given)
    else:
        message = record.getMessage()
    return without_personal_data(" ".join(message.split()))


def _plain(arg: Any) -> Any:
    """An argument of a message; of an exception that is not ours, its type alone."""
    if isinstance(arg, BaseException) and not type(arg).__module__.startswith(_OURS):
        return type(arg).__name__
    return arg


def _exception(problem: BaseException) -> list[str]:
    """The types of an exception and of its causes, each with the lines that it passed."""
    lines: list[str] = []
    told: BaseException | None = problem
    while told is not None:
        lines.append(f"{type(told).__module__}.{type(told).__qualname__}")
        frames = traceback.extract_tb(told.__traceback__)[-_MOST_FRAMES:]
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    return lines
