"""Words and phrases that mean the same, as a question is read with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search import analysis

_Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Thesaurus:
    """Groups of equals: each run of tokens leads to the runs that mean the same."""

    equals: dict[_Tokens, tuple[_Tokens, ...]]
    longest: int = 1

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]]) -> Thesaurus:
        """Make a thesaurus of groups of words and phrases as editors write them."""
        equals: dict[_Tokens, dict[_Tokens, None]] = {}
        for group in groups:
            runs = list(dict.fromkeys(tuple(analysis.tokens(words)) for words in group))
            for run in filter(None, runs):
                others = {other: None for other in runs if other and other != run}
                equals.setdefault(run, {}).update(others)
        longest = max(map(len, equals), default=1)
        return cls({run: tuple(others) for run, others in equals.items()}, longest)

    def run_at(self, tokens: Sequence[str], start: int) -> _Tokens | None:
        """The longest run that begins at `start` and has equals."""
        for length in range(min(self.longest, len(tokens) - start), 0, -1):
            run = tuple(tokens[start : start + length])
            if run in self.equals:
                return run
        return None


EMPTY = Thesaurus({})
