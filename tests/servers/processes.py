"""Starts a server as a process that is known by a file, and ends it, from whatever process."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

_ours: dict[int, subprocess.Popen[bytes]] = {}  # those that we must wait for, or they stay zombies


def start(command: list[str], folder: Path) -> None:
    """Run `command` in the background; its id goes to `folder`/pid, what it prints to log.

    It has a session of its own, so Ctrl+C in a terminal does not reach it.
    """
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    _ours[process.pid] = process
    (folder / "pid").write_text(str(process.pid))


def runs(folder: Path) -> bool:
    """Whether the process of `folder` is there, and is not another one that got its number."""
    pid = _pid(folder)
    if pid is None:
        return False
    if pid in _ours:
        return _ours[pid].poll() is None
    try:
        return str(folder).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def end(folder: Path, how: signal.Signals = signal.SIGTERM, within: float = 30) -> None:
    """Send the process of `folder` a signal and wait until it is gone; kill it after `within`."""
    pid = _pid(folder)
    if pid is not None and runs(folder):
        os.kill(pid, how)
        until = time.monotonic() + within
        while runs(folder):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
    (folder / "pid").unlink(missing_ok=True)


def _pid(folder: Path) -> int | None:
    try:
        return int((folder / "pid").read_text())
    except (OSError, ValueError):
        return None
