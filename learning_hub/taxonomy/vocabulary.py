"""All facet vocabularies at once, read once and kept until an editor changes a term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, F, QuerySet, Value
from django.db.models.functions import Cast

from learning_hub.once import once_a_visit
from learning_hub.taxonomy.models import (
    Capability,
    CostBand,
    EvidenceLevel,
    FormerOffice,
    GroupedTerm,
    ImpactType,
    InterventionType,
    Region,
    Setting,
    Specialty,
    Term,
    TraineeStage,
    VocabularyRevision,
)

# The word in addresses for each vocabulary that is a facet, in the order visitors see them.
FACET_VOCABULARIES: dict[str, type[Term]] = {
    "specialty": Specialty,
    "region": Region,
    "intervention": InterventionType,
    "stage": TraineeStage,
    "capability": Capability,
    "impact": ImpactType,
    "evidence": EvidenceLevel,
    "cost": CostBand,
    "setting": Setting,
}


@dataclass(frozen=True)
class TermEntry:
    """One term as visitors see it. `aliases` are slugs that lead here: merged terms, old names."""

    id: int
    slug: str
    name: str
    group: str | None
    is_retired: bool
    aliases: tuple[str, ...]
    former_names: tuple[str, ...]


@dataclass(frozen=True)
class Vocabularies:
    """Every facet's terms in order, at one revision, known by its stamp."""

    revision: UUID
    terms: Mapping[str, tuple[TermEntry, ...]]

    @cached_property
    def by_slug(self) -> Mapping[tuple[str, str], TermEntry]:
        """Every term by its facet's key and its slug."""
        return {
            (key, entry.slug): entry for key, entries in self.terms.items() for entry in entries
        }


_kept: Vocabularies | None = None
_lock = Lock()


def current() -> Vocabularies:
    """The vocabularies as they are now: one query a visit, one more after an editor's change."""
    global _kept
    revision = once_a_visit("vocabularies", _revision)
    with _lock:
        if _kept is None or _kept.revision != revision:
            _kept = Vocabularies(revision, _read())
        return _kept


def _revision() -> UUID:
    stamp: UUID = VocabularyRevision.objects.values_list("stamp", flat=True).get(pk=1)
    return stamp


def forget() -> None:
    """Drop the kept copy (a test's database rolls back behind its back)."""
    global _kept
    _kept = None


class _Row(NamedTuple):
    """One row of the union over all vocabularies."""

    key: str
    id: int
    slug: str
    name: str
    parent_id: int | None
    merged_into_id: int | None
    is_retired: bool
    position: int


_OFFICE = "office"


def _read() -> dict[str, tuple[TermEntry, ...]]:
    """All terms by facet key, in one query."""
    parts = [_term_rows(key, model) for key, model in FACET_VOCABULARIES.items()]
    offices = FormerOffice.objects.order_by().values_list(
        Value(_OFFICE), "pk", "slug", "name", F("region_id"), _NO_ID, Value(False), Value(0)
    )
    rows = [_Row(*row) for row in parts[0].union(*parts[1:], offices, all=True)]
    former = [row for row in rows if row.key == _OFFICE]
    return {
        key: _entries([row for row in rows if row.key == key], former if key == "region" else [])
        for key in FACET_VOCABULARIES
    }


_NO_ID = Cast(Value(None), BigIntegerField())


def _term_rows(key: str, model: type[Term]) -> QuerySet[Any, tuple[Any, ...]]:
    parent = F("parent_id") if issubclass(model, GroupedTerm) else _NO_ID
    return model._default_manager.order_by().values_list(
        Value(key), "pk", "slug", "name", parent, F("merged_into_id"), "is_retired", "position"
    )


def _entries(rows: list[_Row], former: list[_Row]) -> tuple[TermEntry, ...]:
    """The terms of one vocabulary in order: each group, then the terms within it."""
    by_id = {row.id: row for row in rows}
    aliases: dict[int, list[str]] = {}
    for row in rows:
        if row.merged_into_id:
            aliases.setdefault(_survivor(row, by_id).id, []).append(row.slug)
    for office in former:
        aliases.setdefault(office.parent_id or 0, []).append(office.slug)
    remaining = [row for row in rows if not row.merged_into_id]
    return tuple(
        TermEntry(
            id=row.id,
            slug=row.slug,
            name=row.name,
            group=by_id[row.parent_id].slug if row.parent_id else None,
            is_retired=row.is_retired,
            aliases=tuple(sorted(aliases.get(row.id, ()))),
            former_names=tuple(o.name for o in former if o.parent_id == row.id),
        )
        for row in sorted(remaining, key=lambda row: _place(row, by_id))
    )


def _survivor(row: _Row, by_id: Mapping[int, _Row]) -> _Row:
    while row.merged_into_id:
        row = by_id[row.merged_into_id]
    return row


def _place(row: _Row, by_id: Mapping[int, _Row]) -> tuple[Any, ...]:
    own = (row.position, row.name)
    if row.parent_id is None:
        return own
    parent = by_id[row.parent_id]
    return (parent.position, parent.name, *own)
