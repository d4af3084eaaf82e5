"""What a server of several processes does so that their numbers are added up: for gunicorn."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import multiprocess

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_numbers(folder: Path) -> None:
    """Have every process count in `folder`. Call it before the site is imported, at each start.

    What processes of an earlier run left there is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink(missing_ok=True)
    os.environ[FOLDER] = str(folder)


def forget(process_id: int) -> None:
    """Take a process that ended out of what counts only the living. For gunicorn's child_exit."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(process_id)  # type: ignore[no-untyped-call]
