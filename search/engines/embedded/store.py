"""What bitmaps and orders a generation keeps on disk, so that no process has to work them out."""

from __future__ import annotations

import json
import logging
import mmap
import uuid
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from search.engines.embedded.compiler import Key

logger = logging.getLogger(__name__)
_LENGTH_OF_SIZE = 8


class Store:
    """Pieces by key, as they were after `number` changes. A damaged piece is as good as none."""

    def __init__(
        self, number: int, places: Mapping[Key, tuple[int, int, int]], data: mmap.mmap | bytes
    ) -> None:
        self.number = number
        self._places = places
        self._data = data

    @property
    def keys(self) -> Iterable[Key]:
        """What it has pieces of."""
        return self._places.keys()

    def read(self, key: Key) -> bytes | None:
        """The piece of `key`, where there is one and it is whole."""
        if key not in self._places:
            return None
        start, length, checksum = self._places[key]
        piece = self._data[start : start + length]
        return piece if zlib.crc32(piece) == checksum else None


NO_STORE = Store(-1, {}, b"")


def write(folder: Path, number: int, pieces: Iterable[tuple[Key, bytes]]) -> str:
    """Write a new file of pieces into `folder`; return its name."""
    places: list[tuple[Key, int, int, int]] = []
    name, at = f"bitmaps-{uuid.uuid4().hex}.bin", 0
    with (folder / name).open("wb") as file:
        for key, piece in pieces:
            file.write(piece)
            places.append((key, at, len(piece), zlib.crc32(piece)))
            at += len(piece)
        header = json.dumps([number, places]).encode()
        file.write(header + len(header).to_bytes(_LENGTH_OF_SIZE, "little"))
    return name


def open_in(folder: Path, name: str) -> Store:
    """The file of this name; an empty store where it is missing or damaged."""
    if not name:
        return NO_STORE
    try:
        with (folder / name).open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        end = len(data) - _LENGTH_OF_SIZE
        size = int.from_bytes(data[end:], "little")
        number, places = json.loads(data[max(end - size, 0) : end])
        return Store(number, {tuple(key): tuple(place) for key, *place in places}, data)
    except (OSError, ValueError, TypeError) as problem:
        logger.warning("%s cannot be read, so its bitmaps are worked out: %s", name, problem)
        return NO_STORE


def remove_others(folder: Path, name: str) -> None:
    """Remove every other file of pieces; processes that still read one keep it open."""
    for path in folder.glob("bitmaps-*.bin"):
        if path.name != name:
            path.unlink(missing_ok=True)
