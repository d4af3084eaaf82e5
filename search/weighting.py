"""How much a word counts by where it stands: a title is read five times, a summary twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from search import analysis
from search.contract import SearchDocument

# One field with repeated parts, not one field each: words of a title and of a body then share
# one rarity and one saturation (as in BM25F), which ranks better than a sum of three scores,
# takes one look-up a word rather than three, and leaves no empty field to average over.
TIMES_READ = {"title": 5, "summary": 2, "body": 1}
# Stands between parts, so that no phrase runs from one into the next. No word is it.
BREAK = "¶"


def tokens_of(document: SearchDocument) -> list[str]:
    """The tokens that a document is found by, in the order they are indexed."""
    return weighted({part: analysis.split(getattr(document, part)) for part in TIMES_READ})


def weighted(parts: Mapping[str, Iterable[str]]) -> list[str]:
    """The tokens of a document whose parts are split into words already."""
    tokens: list[str] = []
    for part, times in TIMES_READ.items():
        found = analysis.tokens_of(parts[part])
        for _ in range(times if found else 0):
            tokens += [*found, BREAK]
    return tokens
