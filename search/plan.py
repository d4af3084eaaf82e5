"""The engine-neutral plan of one search, which every engine compiles to its own query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

BM25_K1 = 1.2
BM25_B = 0.75
# Up to this many words, all are required; of more words at least half, but never more than
# this many: a long text is a description, and no document holds half of its words.
ALL_REQUIRED = 3
MAX_CLAUSES = 64


@dataclass(frozen=True)
class Alternative:
    """One way to satisfy a clause: its tokens, all of them, side by side where `is_phrase`."""

    tokens: tuple[str, ...]
    weight: float = 1.0
    is_phrase: bool = False


@dataclass(frozen=True)
class Clause:
    """One word or run of words that was asked for; the best of its alternatives counts.

    `weight` is how often it was asked for.
    """

    alternatives: tuple[Alternative, ...]
    weight: float = 1.0
    is_required: bool = False


@dataclass(frozen=True)
class Preference:
    """A facet value that adds `weight` to the score of those who have it."""

    facet: str
    value: str
    weight: float


@dataclass(frozen=True)
class Plan:
    """What an engine is asked.

    A document answers where it holds all required clauses, at least `minimum` of the others
    (which, where it is 0, only add to the score),
    one value of each facet in `filters`, one of `audience`, and one of `kinds` (where any).
    `order` is "score", "published", "title" or "rank"; ties go to the lower id. Facets in
    `counted` are counted with all filters except their own.
    """

    audience: tuple[str, ...]
    clauses: tuple[Clause, ...] = ()
    minimum: int = 0
    preferences: tuple[Preference, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    excluded_ids: tuple[int, ...] = ()
    counted: tuple[str, ...] = ()
    order: str = "score"
    start: int = 0
    size: int = 20

    @property
    def required(self) -> tuple[Clause, ...]:
        """The clauses that every document must hold."""
        return tuple(clause for clause in self.clauses if clause.is_required)

    @property
    def optional(self) -> tuple[Clause, ...]:
        """The clauses of which `minimum` must be held."""
        return tuple(clause for clause in self.clauses if not clause.is_required)

    @property
    def tokens(self) -> frozenset[str]:
        """Every token that can have made a document match, for marking it."""
        return frozenset(
            found
            for clause in self.clauses
            for alternative in clause.alternatives
            for found in alternative.tokens
        )


def minimum_of(optional_clauses: int) -> int:
    """How many of so many optional clauses a document must hold."""
    if optional_clauses <= ALL_REQUIRED:
        return optional_clauses
    return min(-(-optional_clauses // 2), ALL_REQUIRED)
