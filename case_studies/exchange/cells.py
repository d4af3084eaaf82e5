"""One cell in and out: from what people and programs write to the value that a field holds.

Every reader returns a settled value: reading what `settled` gives changes nothing more. That is
why a study that says what a row says can be told without saving it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField

from case_studies.exchange import body, running_text
from case_studies.exchange.recommendation_names import RecommendationNames, name_in_files
from case_studies.exchange.term_names import TermNames, UnknownTerm
from learning_hub.taxonomy.models import Term

MAX_LISTED_TERMS = 100
YES = {"yes", "true", "y", "1"}
NO = {"no", "false", "n", "0"}
FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


Names = TermNames | RecommendationNames


class Unacceptable(ValueError):
    """The cell cannot be read; the message says what is wrong and what would be accepted."""


@dataclass(frozen=True)
class NotAValue:
    """A cell that holds no value of its own: a spreadsheet's formula or error."""

    what: str


class Vocabularies:
    """The names of all vocabularies that columns use, each read at its first use."""

    def __init__(self) -> None:
        self._names: dict[type[models.Model], Names] = {}

    def of(self, field: models.Field[Any, Any]) -> Names:
        """The names of what `field` points to: a vocabulary, or the recommendations."""
        model: Any = field.related_model
        if model not in self._names:
            is_term = issubclass(model, Term)
            self._names[model] = TermNames(model) if is_term else RecommendationNames(model)
        return self._names[model]


def read(field: models.Field[Any, Any], raw: object, vocabularies: Vocabularies) -> Any:
    """The settled value of `field` for `raw`, which is whatever the file held.

    Terms become sorted tuples of slugs (one slug or None for a single term), running text clean
    HTML, body a list of blocks, numbers Decimal or int. Raises Unacceptable.
    """
    if isinstance(raw, NotAValue):
        raise Unacceptable(f"The cell holds {raw.what}. Put its value there.")
    if isinstance(field, StreamField):
        return _read_body(raw)
    if isinstance(field, ParentalManyToManyField):
        return _read_terms(vocabularies.of(field), raw)
    text = _text(raw)
    if not text:
        return empty(field)
    if isinstance(field, models.ForeignKey):
        return _find(vocabularies.of(field), text).slug
    value = _reader(field)(field, raw, text)
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise Unacceptable(" ".join(error.messages)) from None
    return value


def empty(field: models.Field[Any, Any]) -> Any:
    """What `field` holds where nobody said anything."""
    if isinstance(field, ParentalManyToManyField):
        return ()
    if isinstance(field, StreamField):
        return []
    return field.get_default()


def _text(raw: object) -> str:
    """The text of a cell, its line breaks settled; numbers as people write them."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, (dt.date, dt.time)):
        return raw.isoformat()
    if isinstance(raw, (int, float, Decimal)):
        return _number_text(raw)
    if not isinstance(raw, str):
        raise Unacceptable("This is not a single value. Give one text or number.")
    if FORBIDDEN_CHARACTERS.search(raw):
        raise Unacceptable("The text holds a control character. Take it out and save the file.")
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip()


def _number_text(raw: int | float | Decimal) -> str:
    number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not number.is_finite():
        raise Unacceptable("This is not a number that can be kept.")
    if abs(number.adjusted()) > 30:
        raise Unacceptable("This number is too large or too small to be kept.")
    return format(number.normalize(), "f") if number else "0"


Reader = Callable[[models.Field[Any, Any], object, str], Any]


def _reader(field: models.Field[Any, Any]) -> Reader:
    if field.choices:
        return _read_choice
    return next(reader for kind, reader in _READERS.items() if isinstance(field, kind))


def _read_choice(field: models.Field[Any, Any], raw: object, text: str) -> str:
    wanted = text.casefold()
    for value, label in field.flatchoices:
        if wanted in (str(value).casefold(), str(label).casefold()):
            return str(value)
    accepted = ", ".join(str(value) for value, _ in field.flatchoices)
    raise Unacceptable(f"“{text[:80]}” is not one of the choices. Use one of: {accepted}.")


def _read_running_text(field: models.Field[Any, Any], raw: object, text: str) -> str:
    try:
        return running_text.as_html(text)
    except running_text.UncleanableHtml as error:
        raise Unacceptable(str(error)) from None


def _read_date(field: models.Field[Any, Any], raw: object, text: str) -> dt.date:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"):
        try:
            return dt.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise Unacceptable(f"“{text[:40]}” is not a date. Write 2021-09-30 or 30/09/2021.")


def _read_yes_or_no(field: models.Field[Any, Any], raw: object, text: str) -> bool:
    folded = text.casefold()
    if folded in YES or folded in NO:
        return folded in YES
    raise Unacceptable(f"“{text[:40]}” is neither yes nor no. Write yes or no.")


def _read_decimal(field: models.Field[Any, Any], raw: object, text: str) -> Decimal:
    bare = text.replace("£", "", 1).replace("−", "-").strip()
    if not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,15})(\.\d{1,15})?", bare):
        raise Unacceptable(f"“{text[:40]}” is not a number. Write it like 1250 or £1,250.50.")
    try:
        return Decimal(bare.replace(",", "")) + 0  # no minus nought
    except InvalidOperation:
        raise Unacceptable(f"“{text[:40]}” is not a number that can be kept.") from None


def _read_whole_number(field: models.Field[Any, Any], raw: object, text: str) -> int:
    number = _read_decimal(field, raw, text)
    if number != int(number) or not 0 <= number <= 2_147_483_647:
        raise Unacceptable(f"“{text[:40]}” is not a whole number of people or records, 0 or more.")
    return int(number)


def _read_lines(field: models.Field[Any, Any], raw: object, text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def _read_line(field: models.Field[Any, Any], raw: object, text: str) -> str:
    if isinstance(raw, (dt.date, dt.time)):
        raise Unacceptable("The spreadsheet made a date of this text. Format the cell as text.")
    return " ".join(text.split())


# The first kind that a field is an instance of reads it: special kinds before general ones.
_READERS: Mapping[type[models.Field[Any, Any]], Reader] = {
    RichTextField: _read_running_text,
    models.DateField: _read_date,
    models.BooleanField: _read_yes_or_no,
    models.DecimalField: _read_decimal,
    models.PositiveIntegerField: _read_whole_number,
    models.TextField: _read_lines,
    models.CharField: _read_line,
}


def _read_terms(names: Names, raw: object) -> tuple[str, ...]:
    listed = raw if isinstance(raw, (list, tuple)) else re.split(r"[;|\n]", _text(raw))
    if len(listed) > MAX_LISTED_TERMS:
        raise Unacceptable(f"There are {len(listed):,} terms; at most {MAX_LISTED_TERMS} are read.")
    wanted = [text for text in map(_text, listed) if text]
    return tuple(sorted({name_in_files(_find(names, text)) for text in wanted}))


def _find(names: Names, text: str) -> Any:
    try:
        return names.find(text)
    except UnknownTerm as error:
        raise Unacceptable(str(error)) from None


def _read_body(raw: object) -> list[body.Block]:
    try:
        return body.read(raw if isinstance(raw, list) else _text(raw), _text)
    except body.UnreadableBody as error:
        raise Unacceptable(str(error)) from None
