"""What a disk holds after a power cut, by a trace of what a process did to its files.

The model is stricter than the disks we know. Content survives once fsync or fdatasync of its file
has returned. A name that was made, changed or removed survives once fsync of the folder has
returned. Of what was not synced nothing survives, or (`torn`) any part: of each block of 4 KiB
some first few of its writes, of the names any. Memory shared between processes (-shm) is no file.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = 4096
HEAD = struct.Struct("<cIQQ")
SHARED_MEMORY = "-shm"


@dataclass(frozen=True)
class Record:
    """One line of the trace; see power_cut.c."""

    op: str
    file: int
    offset: int
    payload: bytes


@dataclass
class File:
    """A file: what is surely on the disk, and what was done to it since."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Record] = field(default_factory=list)

    def sync(self) -> None:
        """All that was done is on the disk."""
        for record in self.pending:
            _apply(self.durable, record.op, record.offset, record.payload)
        self.pending.clear()

    def torn(self, chance: random.Random) -> bytearray:
        """What is on the disk where some of the rest reached it too."""
        image = bytearray(self.durable)
        reached: dict[int, int] = {}
        for number, record in enumerate(self.pending):
            for offset, piece in _blocks(record):
                block = -1 if record.op == "t" else offset // BLOCK
                until = reached.setdefault(block, chance.randint(0, len(self.pending)))
                if number < until:
                    _apply(image, record.op, offset, piece)
        return image


class Disk:
    """The files of one folder, as a trace goes on."""

    def __init__(self, folder: Path, notes: Path) -> None:
        """Starts with the files that are there, all of them durable."""
        self.folder, self.notes = folder, notes
        self.names = {
            str(path): File(bytearray(path.read_bytes()))
            for path in folder.iterdir()
            if path.is_file()
        }
        self.durable_names = dict(self.names)
        self.open: dict[int, str] = {}
        self.files: dict[int, File] = {}
        self.moving: File | None = None
        self.acknowledged: list[tuple[str, str]] = []

    def go_on(self, record: Record) -> None:
        """Take one more record of the trace."""
        path = self.open.get(record.file, "")
        if record.op == "o":
            self._opened(record)
        elif record.op in "urR":
            self._renamed(record)
        elif path == str(self.notes):
            lines = record.payload.decode().splitlines()
            self.acknowledged += [(kind, key) for kind, key in map(str.split, lines)]
        elif record.op == "s" and path == str(self.folder):
            self.durable_names = dict(self.names)
        elif record.op == "s":
            self.files[record.file].sync()
        else:
            self.files[record.file].pending.append(record)

    def after_power_cut(self, into: Path, chance: random.Random | None = None) -> None:
        """Write what the disk holds now into a folder; torn where `chance` is given."""
        for path in into.iterdir():
            path.unlink()
        for name in {**self.names, **self.durable_names}:
            names = self.names if chance and chance.random() < 0.5 else self.durable_names
            if name in names and not name.endswith(SHARED_MEMORY):
                file = names[name]
                (into / Path(name).name).write_bytes(file.torn(chance) if chance else file.durable)

    def _opened(self, record: Record) -> None:
        path = record.payload.decode()
        self.open[record.file] = path
        if path not in (str(self.folder), str(self.notes)):
            self.files[record.file] = self.names.setdefault(path, File())

    def _renamed(self, record: Record) -> None:
        path = record.payload.decode()
        if record.op == "R" and self.moving is not None:
            self.names[path] = self.moving
        else:
            self.moving = self.names.pop(path, None)


def records(trace: Path) -> Iterator[Record]:
    """The records of a trace, in order."""
    content = trace.read_bytes()
    position = 0
    while position < len(content):
        op, file, offset, length = HEAD.unpack_from(content, position)
        position += HEAD.size
        yield Record(op.decode(), file, offset, content[position : position + length])
        position += length


def _blocks(record: Record) -> Iterator[tuple[int, bytes]]:
    """A write in pieces that each lie in one block."""
    start, end = record.offset, record.offset + len(record.payload)
    if record.op == "t":
        yield start, b""
    while start < end:
        stop = min(end, (start // BLOCK + 1) * BLOCK)
        yield start, record.payload[start - record.offset : stop - record.offset]
        start = stop


def _apply(image: bytearray, op: str, offset: int, payload: bytes) -> None:
    if op == "t":
        del image[offset:]
    image.extend(bytes(max(0, offset + len(payload) - len(image))))
    image[offset : offset + len(payload)] = payload
