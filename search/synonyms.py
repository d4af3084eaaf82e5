"""The thesaurus of the editors' synonyms, read once and kept until one of them changes."""

from __future__ import annotations

from threading import Lock
from uuid import UUID

from search.models import JournalPosition, Synonym
from search.thesaurus import Thesaurus

_kept: tuple[tuple[UUID, int], Thesaurus] | None = None
_lock = Lock()


def thesaurus(position: JournalPosition) -> Thesaurus:
    """The thesaurus as it is at `position`: no query unless an editor changed it."""
    global _kept
    age = (position.history, position.thesaurus)
    with _lock:
        if _kept is None or _kept[0] != age:
            _kept = (age, Thesaurus.of(synonym.lines for synonym in Synonym.objects.all()))
        return _kept[1]


def forget() -> None:
    """Drop the kept copy (a test's database rolls back behind its back)."""
    global _kept
    _kept = None
