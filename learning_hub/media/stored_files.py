"""Reads parts of stored files, wherever they are stored."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import Storage

CHUNK = 64 * 1024  # bytes


class StorageUnreachable(OSError):
    """The store of files did not answer, or not as it should. Says how."""


def part(storage: Storage, name: str, start: int, length: int) -> Iterator[bytes]:
    """The `length` bytes of a file from `start` on, in chunks.

    A storage that can send a part alone has a method `part` of the same shape; of any other the
    file is opened and read from there.
    """
    alone = getattr(storage, "part", None)
    if alone is not None:
        yield from alone(name, start, length)
        return
    with storage.open(name) as file:
        file.seek(start)
        while length and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
