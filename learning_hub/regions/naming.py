"""Tells which region a word in an address means: its own slug, or the name of a former office."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import slugify

from learning_hub.taxonomy.vocabulary import TermEntry

# The words that former offices put before their names, as they stand in old addresses.
PREFIXES = ("health-education-england-", "nhse-education-")


def region_named(word: str, regions: Iterable[TermEntry]) -> TermEntry | None:
    """The region that `word` leads to: by its slug, a merged term's, or a former office's.

    With a prefix the rest may be an office's plain name, which without one is the region's own
    ("North West" was an office, and is a region).
    """
    entries = list(regions)
    word = word.lower()
    rest = next((word.removeprefix(each) for each in PREFIXES if word.startswith(each)), word)
    for answers_to in (_slugs, _former_names):
        for entry in entries:
            if rest in answers_to(entry):
                return entry
    return None


def _slugs(entry: TermEntry) -> tuple[str, ...]:
    return (entry.slug, *entry.aliases)


def _former_names(entry: TermEntry) -> tuple[str, ...]:
    return tuple(slugify(name) for name in entry.former_names)
