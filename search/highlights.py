"""Marks where the words of a search stand in a result's title and in an excerpt of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search import analysis
from search.engines.protocol import Match

Pieces = tuple[tuple[str, bool], ...]
_EXCERPT = 240
_SPACE = re.compile(r"\s+")
# Stemming changes the end of a word; this much of its beginning is sure to be the same.
_SURE = 3


class Marker:
    """Finds words whose tokens are among `tokens`, in whatever form they stand."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._tokens = frozenset(tokens)
        beginnings = sorted({re.escape(token[:_SURE]) for token in self._tokens})
        self._likely = (
            re.compile(rf"(?<![^\W_])(?:{'|'.join(beginnings)})[\w’'&]*", re.IGNORECASE)
            if beginnings
            else None
        )

    def title(self, match: Match) -> Pieces:
        """The whole title in pieces."""
        return self._pieces(match.title, [(w.start, w.end) for w in self._words(match.title)])

    def excerpt(self, match: Match) -> Pieces:
        """The summary, or the part of the body with the most of the words where it has none."""
        summary = _SPACE.sub(" ", match.summary).strip()
        body = match.body
        if not summary or (self._likely and not self._spots(summary)):
            spots = self._spots(body)
            if spots or not summary:
                return self._around(body, spots)
        return self._around(summary, self._spots(summary))

    def _words(self, text: str) -> list[analysis.Word]:
        return [word for word in analysis.words(text) if word.token in self._tokens]

    def _spots(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand; looks closely only at words that begin like one of them."""
        if self._likely is None:
            return []
        return [
            (found.start() + word.start, found.start() + word.end)
            for found in self._likely.finditer(text)
            for word in self._words(found.group())
        ]

    def _around(self, text: str, spots: list[tuple[int, int]]) -> Pieces:
        start = _best_start(text, spots)
        end = min(start + _EXCERPT, len(text))
        if end < len(text) and (space := text.rfind(" ", start, end)) > start:
            end = space
        inside = [(at, to) for at, to in spots if at >= start and to <= end]
        cut = [(at - start, to - start) for at, to in inside]
        pieces = self._pieces(text[start:end], cut)
        before, after = ("… " if start else ""), (" …" if end < len(text) else "")
        joined = ((before, False), *pieces, (after, False))
        return tuple((_SPACE.sub(" ", part), found) for part, found in joined if part)

    @staticmethod
    def _pieces(text: str, spots: list[tuple[int, int]]) -> Pieces:
        pieces, end = [], 0
        for at, to in spots:
            if at < end:
                continue
            pieces += [(text[end:at], False), (text[at:to], True)]
            end = to
        pieces.append((text[end:], False))
        return tuple((part, found) for part, found in pieces if part)


def _best_start(text: str, spots: list[tuple[int, int]]) -> int:
    """Where the excerpt with the most different words begins, at the start of a word."""
    best, most = 0, 0
    for number, (at, _) in enumerate(spots):
        inside = {
            text[other:to].casefold() for other, to in spots[number:] if to <= at + _EXCERPT - 40
        }
        if len(inside) > most:
            best, most = at, len(inside)
    if best < _EXCERPT // 2:
        return 0
    space = text.rfind(" ", 0, best - 30)
    return space + 1
