"""Copies uploaded files out of the site's storage and back, whatever the storage is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models

from learning_hub.upkeep.manifest import CHUNK, MEDIA, Stored, is_safe
from learning_hub.upkeep.refusal import Refused

Rows = Callable[[str], Iterable[tuple[object, ...]]]


def names(folder: str = "") -> Iterator[str]:
    """The name of every file in the storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in files if name)
    for name in folders:
        yield from names(f"{prefix}{name}")


def named_by(rows: Rows) -> set[str]:
    """The files that a database names; `rows` answers a query on it."""
    found: set[str] = set()
    for model in apps.get_models():
        meta = model._meta
        if meta.proxy or not meta.managed:
            continue
        for column in meta.local_concrete_fields:
            if isinstance(column, models.FileField) and column.storage is default_storage:
                query = f'SELECT "{column.column}" FROM "{meta.db_table}"'  # noqa: S608
                found |= {str(name) for (name,) in rows(query) if name}
    return found


def copy_out(into: Path, known: Mapping[str, Stored], tell: Callable[[str], None]) -> dict:
    """Copy the files that `known` lacks below `into`; those that came, by their paths there.

    A file that goes away meanwhile is left out: it was deleted, and its row before it.
    """
    came: dict[str, Stored] = {}
    for name in names():
        path = f"{MEDIA}/{name}"
        if path in known:
            continue
        if not is_safe(path):
            raise Refused(f"A file in the storage has a name that cannot be kept: {name!r}.")
        try:
            came[path] = _copy(name, into / path)
        except FileNotFoundError:
            continue
        if len(came) % 500 == 0:
            tell(f"  {len(came):,} files")
    return came


def _copy(name: str, target: Path) -> Stored:
    digest, size = hashlib.sha256(), 0
    with default_storage.open(name) as source:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(number, "wb") as copy:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
    return Stored(size, digest.hexdigest())


class Media:
    """The uploaded files of a backup on their way into the storage."""

    def __init__(self, backup: Path, files: Mapping[str, Stored]) -> None:
        self.backup = backup
        self.files = {
            name.removeprefix(f"{MEDIA}/"): stored
            for name, stored in files.items()
            if name.startswith(f"{MEDIA}/")
        }
        self.added: list[str] = []

    def add_missing(self, tell: Callable[[str], None]) -> None:
        """Add what the storage lacks: no site misses or sees it before its database names it."""
        there = set(names())
        for name in self.files.keys() - there:
            self.added.append(name)
            self._put(name)
            if len(self.added) % 500 == 0:
                tell(f"  {len(self.added):,} files")

    def take_back(self) -> None:
        """Remove what was added, as far as that can be done."""
        for name in self.added:
            try:
                default_storage.delete(name)
            except OSError:
                continue

    def make_equal(self) -> int:
        """Replace what differs and remove what the backup lacks; how many files that were."""
        changed = 0
        for name in set(names()) - set(self.added):
            stored = self.files.get(name)
            if stored is not None and _measure(name) == stored:
                continue
            default_storage.delete(name)
            if stored is not None:
                self._put(name)
            changed += 1
        return changed

    def _put(self, name: str) -> None:
        with (self.backup / MEDIA / name).open("rb") as file:
            given = default_storage.save(name, File(file))
        if given != name:
            default_storage.delete(given)
            raise Refused(f"The storage does not take the name {name!r}.")


def _measure(name: str) -> Stored:
    digest, size = hashlib.sha256(), 0
    with default_storage.open(name) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Stored(size, digest.hexdigest())
