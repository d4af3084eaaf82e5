"""What a server of several processes does at its start so that their numbers are added up."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_numbers(folder: Path) -> None:
    """Have every process count in `folder`; what an earlier run left there is removed.

    For gunicorn's configuration. Call it before `metrics` or the site is imported: the library
    decides as it is imported whether processes share. Then give `metrics.forget_process` to
    `child_exit`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink(missing_ok=True)
    os.environ[FOLDER] = str(folder)
