"""Keeps the index equal to the database: catches up, rebuilds, and checks that it is so."""

from __future__ import annotations

import gc
import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from search import journal, registry
from search.digest import digest_of
from search.engines import roles, selection
from search.engines.protocol import (
    Engine,
    IndexState,
    IndexUnusable,
    IndexWriter,
    WriterBusy,
)
from search.models import JournalPosition, SearchChange

logger = logging.getLogger(__name__)
_BATCH = 500
# A visitor's search waits this long for a writer, then answers with what it has.
SECONDS_TO_WAIT = 0.5
_SECONDS_AFTER_COMMIT = 5.0
# Where a worker follows the journal too, nobody waits for long.
_SECONDS_OF_STAND_IN = 0.2

Progress = Callable[[int, int], None]


class Behind(Exception):
    """The server lacks changes, which this machine's own index can answer with at once."""


@dataclass(frozen=True)
class Drift:
    """How an index differs from the database: ids it lacks, has too many, or has an old form of."""

    missing: tuple[int, ...]
    surplus: tuple[int, ...]
    stale: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.stale)

    def __str__(self) -> str:
        return (
            f"{len(self.missing):,} documents missing, {len(self.surplus):,} too many, "
            f"{len(self.stale):,} out of date"
        )


def catch_up(
    engine: Engine | None = None,
    *,
    timeout: float = SECONDS_TO_WAIT,
    seconds: float = math.inf,
) -> int:
    """Bring the index up to the journal; return how many changed pages it took in.

    Waits at most `timeout` seconds for another writer, then raises WriterBusy. Takes in batch
    after batch until `seconds` have passed: what is left is the next one's. Raises IndexUnusable
    where there is no index that belongs to this database.
    """
    engine = engine or selection.current_engine()
    with engine.writing(timeout) as writer:
        _require_this_database(writer.state)
        return _apply_changes(writer, time.monotonic() + seconds)


def ensure_current(position: JournalPosition, engine: Engine) -> bool:
    """Make the index answer for the database as `position` has it: no query where it does.

    Returns whether it does. What this transaction itself has written is left alone, since it may
    be taken back. The index of the engine that is set is rebuilt where it is missing, damaged or
    of another database, if it is this machine's own; raises IndexUnusable where that is not for a
    visitor to wait for, and Behind where a server lacks changes that the stand-in can have.
    """
    try:
        sequence = _sequence_of_this_database(engine, position)
    except IndexUnusable as problem:
        if roles.has_stand_in():
            raise
        logger.warning("%s It is rebuilt now.", problem)
        _rebuild_or_give_up(engine)
        return True
    if sequence >= position.number or journal.is_written_by_this_transaction():
        return True
    if roles.is_server(engine) and _stand_in_is_of(position):
        raise Behind(f"The server holds change {sequence:,} of {position.number:,}.")
    return _caught_up_for_a_visitor(engine, position)


def _caught_up_for_a_visitor(engine: Engine, position: JournalPosition) -> bool:
    seconds = _SECONDS_OF_STAND_IN if roles.is_stand_in(engine) else SECONDS_TO_WAIT
    try:
        catch_up(engine, timeout=seconds, seconds=seconds)
    except WriterBusy:
        logger.info("Answering without the latest changes: another process writes them.")
    return engine.state(at_least=position.number).sequence >= position.number


def _stand_in_is_of(position: JournalPosition) -> bool:
    """Whether this machine's own index could answer for this database."""
    try:
        return _belongs(selection.embedded_engine().state(), position)
    except IndexUnusable:
        return False


def catch_up_quietly(engine: Engine) -> None:
    """Catch up after a commit; what fails is logged and left to the next search or the worker."""
    seconds = SECONDS_TO_WAIT if roles.is_stand_in(engine) else _SECONDS_AFTER_COMMIT
    try:
        if engine.state().sequence < JournalPosition.current().number:
            catch_up(engine, timeout=seconds, seconds=seconds)
    except (IndexUnusable, WriterBusy) as problem:
        logger.info("The search index is not up to date yet: %s", problem)
    except Exception:
        logger.exception("The search index is not up to date yet.")


def catch_up_wholly(engine: Engine, *, timeout: float, goes_on: Callable[[], bool]) -> int:
    """Catch up, batch after batch, until the index holds every change; return how many pages.

    Ends early where `goes_on` says no. Raises as `catch_up` does.
    """
    taken_in = 0
    while goes_on() and lag(engine) > 0:
        taken_in += catch_up(engine, timeout=timeout, seconds=_SECONDS_AFTER_COMMIT)
    return taken_in


def lag(engine: Engine) -> int:
    """How many numbers of the journal the index lacks, asked of the index itself.

    Raises IndexUnusable where it is not of this database.
    """
    state = engine.state(at_least=roles.LOOK_AGAIN)
    return _require_this_database(state).number - state.sequence


def rebuild(engine: Engine | None = None, progress: Progress | None = None) -> int:
    """Make the index anew while the old one answers; return the number of documents.

    What is changed meanwhile is taken in before the new one answers. Raises WriterBusy where it
    is being rebuilt already. `progress` is told how many of how many pages are read.
    """
    engine = engine or selection.current_engine()
    with engine.rebuilding() as builder:
        position = JournalPosition.current()
        pages, read, made = registry.number_of_pages(), 0, 0
        with _garbage_collected_by_batch() as collect:
            for number, documents in registry.batches(_BATCH):
                builder.replace([], documents)
                read, made = read + number, made + len(documents)
                collect()
                if progress:
                    progress(read, max(pages, read))
        builder.commit(position.number, str(position.history))
        _apply_changes(builder)
        with builder.switching():
            _apply_changes(builder)
    return made


@contextmanager
def _garbage_collected_by_batch() -> Iterator[Callable[[], object]]:
    """Look for garbage once a batch, and only among the new: a fifth less time for a rebuild."""
    gc.disable()
    try:
        yield partial(gc.collect, 0)
    finally:
        gc.enable()


def drift(engine: Engine | None = None) -> Drift:
    """How the index differs from the database, document by document."""
    engine = engine or selection.current_engine()
    wanted = {
        document.id: digest_of(document)
        for _, documents in registry.batches(_BATCH)
        for document in documents
    }
    held = engine.digests()
    return Drift(
        missing=tuple(sorted(wanted.keys() - held.keys())),
        surplus=tuple(sorted(held.keys() - wanted.keys())),
        stale=tuple(sorted(id for id in wanted.keys() & held if wanted[id] != held[id])),
    )


def repair(found: Drift, engine: Engine | None = None) -> None:
    """Journal what differs, so that every index takes it in, and catch up."""
    journal.record([*found.missing, *found.surplus, *found.stale])
    catch_up(engine, timeout=_SECONDS_AFTER_COMMIT)


def _apply_changes(writer: IndexWriter, deadline: float = math.inf) -> int:
    """Take in the changes after the writer's state, as the database has those pages now."""
    applied = 0
    position = JournalPosition.current()
    while writer.state.sequence < position.number and (not applied or time.monotonic() < deadline):
        sequence, ids = _next_batch(writer.state.sequence, position.number)
        if ids:
            writer.replace(ids, registry.documents(ids))
        writer.commit(sequence, str(position.history))
        applied += len(ids)
    return applied


def _next_batch(after: int, until: int) -> tuple[int, list[int]]:
    """The pages changed next, whole numbers of the journal at a time, and the last number."""
    changes = SearchChange.objects.after(after).filter(sequence__lte=until)
    first = list(changes.values_list("sequence", flat=True)[: journal.BATCH])
    if len(first) == journal.BATCH:
        until = first[-1]
    return until, list(changes.filter(sequence__lte=until).values_list("page_id", flat=True))


def _sequence_of_this_database(engine: Engine, position: JournalPosition) -> int:
    """How far the index has come. Raises IndexUnusable where it is not of this database."""
    state = engine.state(at_least=position.number)
    if not _belongs(state, position):
        # Another process may have written both since the position was read.
        _require_this_database(state)
    return state.sequence


def _require_this_database(state: IndexState) -> JournalPosition:
    """Where the journal is now; raises IndexUnusable where the index is of another database."""
    position = JournalPosition.current()
    if not _belongs(state, position):
        raise IndexUnusable("The search index belongs to another state of the database.")
    return position


def _belongs(state: IndexState, position: JournalPosition) -> bool:
    return state.history == str(position.history) and state.sequence <= position.number


def _rebuild_or_give_up(engine: Engine) -> None:
    if journal.is_written_by_this_transaction():
        raise IndexUnusable("The search index is made once this change is saved.")
    try:
        rebuild(engine)
    except WriterBusy:
        raise IndexUnusable("The search index is being made.") from None
