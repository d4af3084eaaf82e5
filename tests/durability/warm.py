"""Starts processes of a site in milliseconds: forked from one that has loaded what they all do.

They are processes like any other, with their own memory, files and database; they can be killed.
What is read only as a program starts (such as LD_PRELOAD) they do not see.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
PIPE, DEVNULL = subprocess.PIPE, subprocess.DEVNULL
File = int | IO[Any] | None


class Started:
    """A process, with the methods of `subprocess.Popen` that tests need."""

    def __init__(self, command: list[str], answers: socket.socket) -> None:
        self._command, self._answers = command, answers
        first = answers.recv(64)
        assert first, f"nothing could be forked for {command}"
        self.pid = int(first)
        self.returncode: int | None = None
        self.stdin: IO[str] | None = None
        self.stdout: IO[str] | None = None

    def poll(self) -> int | None:
        """How it ended, or None."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, once it has. Raises subprocess.TimeoutExpired."""
        ended = self._ended(timeout)
        if ended is None:
            raise subprocess.TimeoutExpired(self._command, timeout or 0)
        return ended

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """What it still prints; it gets nothing more to read."""
        if self.stdin is not None:
            self.stdin.close()
        printed = self.stdout.read() if self.stdout is not None else ""
        self.wait(timeout)
        return printed, None

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._answers], [], [], timeout)[0]:
            self.returncode = int(self._answers.recv(64))
            self._answers.close()
        return self.returncode


class Warm:
    """The process that is forked; it ends with this one."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.durability.warm_process", str(theirs.fileno())],
                cwd=ROOT,
                env={**environment, "HUB_VAR_DIR": tempfile.gettempdir()},
                pass_fds=[theirs.fileno()],
                stdin=DEVNULL,
            )

    def start(
        self, command: list[str], environment: Mapping[str, str], files: list[int]
    ) -> Started:
        """A process that runs the module `command[0]` with standard input, output and error."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            order = {"command": command, "environment": dict(environment)}
            handed = [theirs.fileno(), *files]
            socket.send_fds(self._orders, [json.dumps(order).encode()], handed)
        return Started(command, ours)


_warm: dict[tuple[str, ...], Warm] = {}
_lock = threading.Lock()


def _for(environment: Mapping[str, str]) -> Warm:
    """The process for sites of this kind: what importing the site depends on."""
    vendor = environment["DATABASE_URL"].partition(":")[0]
    kind = vendor, environment.get("HUB_SEARCH_ENGINE", "")
    with _lock:
        if kind not in _warm:
            _warm[kind] = Warm(environment)
        return _warm[kind]


def start(
    command: list[str],
    environment: Mapping[str, str],
    *,
    stdin: File = DEVNULL,
    stdout: File = None,
    stderr: File = None,
) -> Started:
    """`python -m` with this command in this environment; PIPE makes a pipe for text."""
    theirs, ours = zip(*map(_opened, (stdin, stdout, stderr), range(3)), strict=True)
    started = _for(environment).start(command, environment, list(theirs))
    for given, descriptor in zip((stdin, stdout, stderr), theirs, strict=True):
        if given in (PIPE, DEVNULL):
            os.close(descriptor)
    if ours[0] is not None:
        started.stdin = os.fdopen(ours[0], "w")
    if ours[1] is not None:
        started.stdout = os.fdopen(ours[1], "r")
    return started


def _opened(given: File, place: int) -> tuple[int, int | None]:
    """The other process's end of a file, and ours of a pipe."""
    if given is None:
        return place, None
    if given == DEVNULL:
        return os.open(os.devnull, os.O_RDWR), None
    if given == PIPE:
        read, write = os.pipe()
        return (read, write) if place == 0 else (write, read)
    return (given if isinstance(given, int) else given.fileno()), None
