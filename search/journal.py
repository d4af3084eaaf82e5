"""Writes down which pages changed, in the transaction of the change, so that none is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db import connection, transaction

from search.models import JournalPosition, SearchChange

BATCH = 500
_listeners: list[Callable[[], None]] = []


class _Announcement:
    """Tells the listeners, once a transaction commits, that it changed `page_ids`.

    All announcements of one transaction share `told`: a bulk change makes one for each of its
    savepoints, and the listeners need to hear of it once.
    """

    def __init__(self, earlier: _Announcement | None) -> None:
        self.page_ids: set[int] = set()
        self.told: list[bool] = [] if earlier is None or earlier.told else earlier.told

    def __call__(self) -> None:
        if not self.told:
            self.told.append(True)
            for listener in _listeners:
                listener()


def record(page_ids: Iterable[int]) -> None:
    """Note that these pages changed, went away, or are seen by others than before.

    Joins the caller's transaction: a change that is rolled back leaves no trace. Whoever listens
    is told once it is committed. What the transaction has noted already is not noted again: both
    become visible together, and an index reads the pages only then.
    """
    ids = set(page_ids)
    if not ids:
        return
    with transaction.atomic(savepoint=False):
        announcements = list(_announcements_that_stand_or_fall_with_us())
        ids.difference_update(*(announcement.page_ids for announcement in announcements))
        if not ids:
            return
        _write(sorted(ids))
        if not announcements:
            announcements = [_Announcement(_latest())]
            transaction.on_commit(announcements[0], robust=True)
        announcements[-1].page_ids |= ids


def _write(ids: list[int]) -> None:
    """Number the changes, in batches small enough for an index to take in one at a time."""
    for start in range(0, len(ids), BATCH):
        sequence = JournalPosition.advance()
        SearchChange.objects.bulk_create(
            [SearchChange(page_id=id, sequence=sequence) for id in ids[start : start + BATCH]],
            update_conflicts=True,
            unique_fields=["page_id"],
            update_fields=["sequence", "noted_at"],
        )


def is_written_by_this_transaction() -> bool:
    """Whether the open transaction holds changes that it could still take back."""
    return any(isinstance(entry[1], _Announcement) for entry in connection.run_on_commit)


def listen(listener: Callable[[], None]) -> None:
    """Call `listener` after each commit that changed the journal."""
    if listener not in _listeners:
        _listeners.append(listener)


def _announcements_that_stand_or_fall_with_us() -> Iterator[_Announcement]:
    """The latest, if it is of this savepoint and still to come: else it would outlive a rollback.

    Earlier ones are not looked at; that would cost a bulk change the square of its size.
    """
    here = set(connection.savepoint_ids)
    for savepoints, announcement, *_ in reversed(connection.run_on_commit):
        if isinstance(announcement, _Announcement):
            if savepoints == here and not announcement.told:
                yield announcement
            return


def _latest() -> _Announcement | None:
    """The latest announcement of the open transaction, whatever its savepoint."""
    entries = (entry[1] for entry in reversed(connection.run_on_commit))
    return next((entry for entry in entries if isinstance(entry, _Announcement)), None)
