"""Brings this machine's indices up to a commit, without making whoever committed wait."""

from __future__ import annotations

from search import sync
from search.engines import answering, roles, selection


def after_commit() -> None:
    """Take the change into this machine's own index now, into a server's in the background.

    Never raises, and never asks a server in this thread. What cannot be taken in now waits in
    the journal.
    """
    sync.catch_up_quietly(selection.embedded_engine())
    if roles.has_stand_in():
        answering.follow_soon()
