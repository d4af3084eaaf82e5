"""Finds what a word that nobody wrote may have been meant as, among words that everyone may see."""

from __future__ import annotations

from search.engines.protocol import Engine

_MAX_CORRECTIONS = 5
_SHORTEST = 4
_LENGTH_OF_TWO_SLIPS = 8


def corrections(word: str, engine: Engine) -> list[str]:
    """The likeliest spellings, best first: fewest slips, then most documents, then A to Z.

    One slip is forgiven from four letters, two from eight; a slip is a letter too many, too few,
    wrong, or two neighbours the wrong way round.
    """
    if len(word) < _SHORTEST:
        return []
    allowed = 2 if len(word) >= _LENGTH_OF_TWO_SLIPS else 1
    found = []
    for first in {word[0], word[1]}:
        for candidate, documents in engine.words(first).items():
            if abs(len(candidate) - len(word)) <= allowed:
                slips = slips_between(word, candidate, allowed)
                if slips <= allowed:
                    found.append((slips, -documents, candidate))
    return [candidate for _, _, candidate in sorted(found)[:_MAX_CORRECTIONS]]


def slips_between(word: str, other: str, limit: int) -> int:
    """The slips between two words (optimal string alignment); `limit + 1` where more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, start=1):
        before, last, row = row, before, [at]
        for to, wanted in enumerate(other, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if last and to > 1 and letter == other[to - 2] and word[at - 2] == wanted:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
