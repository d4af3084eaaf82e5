"""A study as a record: the settled values of all columns, taken from a study or put into one.

Two records are equal exactly where the studies say the same; that is how an import knows that
there is nothing to change, and how an export can be read back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField

from case_studies.exchange import body, running_text
from case_studies.exchange.cells import FORBIDDEN_CHARACTERS, Vocabularies, empty
from case_studies.exchange.columns import ROW_KINDS, STUDY_COLUMNS, RowKind, field_of, study_field
from case_studies.exchange.recommendation_names import name_in_files
from case_studies.models import CaseStudyPage

Record = dict[str, Any]

OWN_IDENTITY = "hub-"


def describe(study: CaseStudyPage) -> Record:
    """The record of `study`. No query where its relations were read with everything shown.

    Raises UncleanableHtml where running text is longer than a file may carry.
    """
    record = {name: _described(study, study_field(name)) for name in STUDY_COLUMNS}
    record["external_id"] = identity(study)
    for kind in ROW_KINDS:
        record[kind.name] = [
            {key: _described(row, field_of(kind.model, key)) for key in kind.keys}
            for row in getattr(study, kind.name).all()
        ]
    return record


def identity(study: CaseStudyPage) -> str:
    """The name of a study in files: its external id, or one of the hub's own that never changes."""
    return study.external_id or f"{OWN_IDENTITY}{study.translation_key}"


def own_keys(identities: Iterable[str]) -> list[UUID]:
    """The translation keys in those identities that the hub gave itself."""
    keys = []
    for name in identities:
        if name.startswith(OWN_IDENTITY):
            with suppress(ValueError):
                keys.append(UUID(name.removeprefix(OWN_IDENTITY)))
    return keys


def _described(row: models.Model, field: models.Field[Any, Any]) -> Any:
    """The settled value that `row` has in `field`; what reading it from a file would give."""
    if isinstance(field, ParentalManyToManyField):
        return tuple(sorted(name_in_files(one) for one in getattr(row, field.name).all()))
    value = getattr(row, field.name)
    if value is None or value == "":
        return empty(field)
    if isinstance(field, models.ForeignKey):
        return value.slug
    if isinstance(field, StreamField):
        return body.describe(value)
    if isinstance(field, RichTextField):
        return running_text.settled_html(value)
    if isinstance(value, str):
        return _settled_text(value, lines=isinstance(field, models.TextField))
    return Decimal(value) if isinstance(field, models.DecimalField) else value


def _settled_text(text: str, *, lines: bool) -> str:
    text = FORBIDDEN_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not lines:
        return " ".join(text.split())
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def put(record: Record, study: CaseStudyPage, vocabularies: Vocabularies) -> None:
    """Write the values of `record` into `study`, which the caller saves."""
    kinds = {kind.name: kind for kind in ROW_KINDS}
    for name, value in record.items():
        if kind := kinds.get(name):
            setattr(study, name, [_row(kind, values, vocabularies) for values in value])
        elif name == "body":
            study.body = body.replaced(study.body, value)
        else:
            setattr(study, name, _value(study_field(name), value, vocabularies))


def _row(kind: RowKind, values: Record, vocabularies: Vocabularies) -> models.Model:
    return kind.model(
        **{
            key: _value(field_of(kind.model, key), value, vocabularies)
            for key, value in values.items()
        }
    )


def _value(field: models.Field[Any, Any], value: Any, vocabularies: Vocabularies) -> Any:
    """What the attribute of a model takes: terms for slugs, everything else as it is."""
    if isinstance(field, ParentalManyToManyField):
        names = vocabularies.of(field)
        return [names.find(slug) for slug in value]
    if isinstance(field, models.ForeignKey):
        return vocabularies.of(field).find(value) if value else None
    return value


def as_json(record: Record) -> Record:
    """The record in the types of JSON, in the order of the columns."""
    return {name: _plain(name, value) for name, value in record.items()}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if name == "body":
        return body.written(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, list):
        return [as_json(row) for row in value]
    if isinstance(value, str) and value.startswith("<"):
        return running_text.as_typed(value)
    return value
