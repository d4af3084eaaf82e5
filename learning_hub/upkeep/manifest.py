"""What a backup says of itself: what is in it, of which site, and how to tell that it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from learning_hub.upkeep.refusal import Refused

NAME = "manifest.json"
FORMAT = 1
KINDS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
MEDIA, KEYS = "media", "keys"
CHUNK = 1024 * 1024  # bytes
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Stored:
    """One file of a backup: its length in bytes and the SHA-256 of its content."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A whole backup. `files` are named by their paths in it, `rows` count each table's.

    `absent` names files that the database knows and that were not there to copy.
    """

    made_at: str
    hub_version: str
    database: str
    migrations: Mapping[str, list[str]]
    rows: Mapping[str, int]
    files: Mapping[str, Stored]
    absent: list[str] = field(default_factory=list)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it into the backup, for its owner to read."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"
        put(folder / NAME, text.encode())


def put(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, on the disk for sure."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def measure(path: Path) -> Stored:
    """The size and the checksum of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        return Stored(file.tell(), digest.hexdigest())


def read(folder: Path) -> Manifest:
    """The manifest of the backup in `folder`. Raises Refused where it is none of ours."""
    try:
        told = json.loads((folder / NAME).read_text("utf-8"))
    except FileNotFoundError:
        raise Refused(f"{folder} is no whole backup: it has no {NAME}.") from None
    except (OSError, ValueError) as problem:
        raise Refused(f"{folder / NAME} cannot be read: {problem}") from None
    try:
        if told["format"] > FORMAT:
            raise Refused("The backup was made by a newer version; install that one first.")
        return _manifest(told)
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise Refused(f"{folder / NAME} is damaged: {problem!r}.") from None


def _manifest(told: dict[str, Any]) -> Manifest:
    files = {
        str(name): Stored(int(of["size"]), str(of["sha256"])) for name, of in told["files"].items()
    }
    manifest = Manifest(
        made_at=str(told["made_at"]),
        hub_version=str(told["hub_version"]),
        database=str(told["database"]),
        migrations={str(app): list(names) for app, names in told["migrations"].items()},
        rows={str(table): int(count) for table, count in told["rows"].items()},
        files=files,
        absent=list(told["absent"]),
    )
    for name in files:
        if not is_safe(name):
            raise Refused(f"The manifest names a file outside the backup: {name!r}.")
    for table in manifest.rows:
        if not _TABLE.fullmatch(table):
            raise Refused(f"The manifest names no table: {table!r}.")
    if KINDS.get(manifest.database) not in files:
        raise Refused("The manifest names no database.")
    return manifest


def is_safe(name: str) -> bool:
    """Whether a path lies in the backup, in a place that backups have."""
    pieces = name.split("/")
    if "\\" in name or "\0" in name or any(piece in ("", ".", "..") for piece in pieces):
        return False
    if len(pieces) == 1:
        return name in KINDS.values()
    return pieces[0] == MEDIA or (pieces[0] == KEYS and len(pieces) == 2)


def verify(folder: Path, manifest: Manifest, progress: Callable[[int, int], None]) -> None:
    """Hold every file of the backup against its manifest. Raises Refused at the first difference.

    `progress` is told how many of how many bytes are read.
    """
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    } - {NAME}
    if extra := sorted(found - manifest.files.keys()):
        raise Refused(f"The backup has a file that its manifest does not name: {extra[0]}.")
    done, total = 0, sum(of.size for of in manifest.files.values())
    for name, stored in manifest.files.items():
        path = folder / name
        if name not in found:
            raise Refused(f"The backup lacks a file: {name}.")
        if path.is_symlink() or not path.is_file():
            raise Refused(f"The backup has something that is no file: {name}.")
        if path.stat().st_size != stored.size or measure(path) != stored:
            raise Refused(f"A file of the backup is damaged: {name}.")
        done += stored.size
        progress(done, total)
