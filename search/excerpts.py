"""Shows of an excerpt only what helps: of names that a page is filed under, those asked for."""

from __future__ import annotations

from collections.abc import Iterator

from search.contract import Hit

Pieces = tuple[tuple[str, bool], ...]
# A document that lists names in its text puts this before, between and after them.
BETWEEN_NAMES = " · "


def excerpt_of(hit: Hit) -> Pieces:
    """The excerpt of a hit; where it runs into names, only the names with a marked word."""
    pieces = hit.excerpt_pieces
    if not any(is_match for _, is_match in pieces):
        return pieces
    if not any(BETWEEN_NAMES in text for text, _ in pieces):
        return pieces
    return (("Filed under: ", False), *_marked_names(pieces))


def _marked_names(pieces: Pieces) -> Iterator[tuple[str, bool]]:
    """The names with a marked word in them, divided as they were."""
    names: list[list[tuple[str, bool]]] = [[]]
    for text, is_match in pieces:
        first, *others = text.split(BETWEEN_NAMES)
        names[-1].append((first, is_match))
        names += [[(other, is_match)] for other in others]
    marked = [name for name in names if any(is_match for _, is_match in name)]
    for number, name in enumerate(marked):
        if number:
            yield BETWEEN_NAMES, False
        yield from name
