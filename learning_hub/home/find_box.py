"""The home page's find box: the three facets that people know about themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning_hub.taxonomy.vocabulary import TermEntry

# Facet key, label, and the choice that leaves the facet open.
FACETS = (
    ("region", "Region", "Any region"),
    ("specialty", "Specialty", "Any specialty"),
    ("intervention", "What was done", "Any type of initiative"),
)


@dataclass(frozen=True)
class Choice:
    """One term, or a group with the terms within it."""

    value: str
    label: str
    narrower: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class SelectList:
    """One list of choices; `key` is the word in the library's address."""

    key: str
    label: str
    open_choice: str
    choices: tuple[Choice, ...]


def select_lists(terms: Mapping[str, Sequence[TermEntry]]) -> list[SelectList]:
    """The lists of the box, from the vocabularies by facet key, without retired terms."""
    return [
        SelectList(key, label, open_choice, _choices(terms[key]))
        for key, label, open_choice in FACETS
    ]


def _choices(entries: Sequence[TermEntry], group: str | None = None) -> tuple[Choice, ...]:
    return tuple(
        Choice(entry.slug, entry.name, _choices(entries, entry.slug) if group is None else ())
        for entry in entries
        if entry.group == group and not entry.is_retired
    )
