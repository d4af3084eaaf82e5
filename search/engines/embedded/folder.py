"""The folder of an index: generations, the marker that names the one in use, and the locks."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from search.engines.protocol import IndexUnusable, WriterBusy

_RETRY_SECONDS = 0.01


@dataclass(frozen=True)
class Marker:
    """Which generation answers, how far it has come, and what its documents are made like.

    Written after the commit that it describes: after a crash between the two it names an
    earlier sequence, so changes are applied a second time, which does no harm.
    `next_expiry` is in microseconds since 1970. `changed` are the places of documents that were
    changed lately, one after the other, `forgotten` the number of changes before those; `bitmaps`
    is the file of bitmaps, and `opstamp` tantivy's own number of the commit.
    """

    generation: str
    sequence: int
    history: str
    fingerprint: str
    next_expiry: int | None = None
    forgotten: int = 0
    changed: list[int] = field(default_factory=list)
    bitmaps: str = ""
    opstamp: int = 0


class IndexFolder:
    """One index on disk. Processes agree through `marker.json`, replaced as a whole."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._marker = root / "marker.json"

    def stamp(self) -> tuple[int, int] | None:
        """Changes with every new marker; None where there is no marker."""
        try:
            status = os.stat(self._marker)
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def read(self) -> Marker:
        """The marker. Raises IndexUnusable where it is missing or cannot be read."""
        try:
            return Marker(**json.loads(self._marker.read_text("utf-8")))
        except FileNotFoundError:
            raise IndexUnusable(f"There is no search index in {self.root}.") from None
        except (OSError, ValueError, TypeError) as problem:
            raise IndexUnusable(f"{self._marker} cannot be read: {problem}.") from problem

    def write(self, marker: Marker) -> None:
        """Replace the marker in one step that survives a power cut."""
        draft = self.root / f"marker-{uuid.uuid4().hex}.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(marker), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._marker)

    def path_of(self, generation: str) -> Path:
        """The folder of one generation."""
        return self.root / generation

    def new_generation(self) -> str:
        """Make the empty folder of a new generation and return its name."""
        name = f"generation-{uuid.uuid4().hex}"
        self.path_of(name).mkdir(parents=True)
        return name

    def remove_generations_except(self, generation: str) -> None:
        """Remove every other generation; processes that still read one keep its open files."""
        for path in self.root.glob("generation-*"):
            if path.name != generation:
                shutil.rmtree(path, ignore_errors=True)

    def remove_unless_in_use(self, generation: str) -> None:
        """Remove a generation that was given up before it answered."""
        try:
            in_use = self.read().generation
        except IndexUnusable:
            in_use = ""
        if in_use != generation:
            shutil.rmtree(self.path_of(generation), ignore_errors=True)

    def size(self) -> int:
        """The bytes of all files."""
        return sum(path.stat().st_size for path in self.root.rglob("*") if path.is_file())

    @contextmanager
    def lock(self, name: str, timeout: float = 0.0) -> Iterator[None]:
        """Hold a lock that one thread of one process holds at a time; a crash frees it.

        Raises WriterBusy where it is not free within `timeout` seconds, IndexUnusable where the
        folder cannot be written to.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            file = (self.root / f"{name}.lock").open("w")
        except OSError as problem:
            raise IndexUnusable(f"{self.root} cannot be written to: {problem}.") from problem
        with file:
            _wait_for(file.fileno(), time.monotonic() + timeout)
            yield


def _wait_for(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise WriterBusy("Another process is writing to the search index.") from None
            time.sleep(_RETRY_SECONDS)
        else:
            return
