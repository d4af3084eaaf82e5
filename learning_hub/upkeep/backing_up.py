"""Makes a backup: a folder with the database as it was at one moment, and every file it names."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from learning_hub.upkeep import media_files, postgres_copy, site_state, sqlite_copy
from learning_hub.upkeep.manifest import KEYS, KINDS, Manifest, Stored, measure, put
from learning_hub.upkeep.one_line import one_line
from learning_hub.upkeep.refusal import Refused

Tell = Callable[[str], None]


@dataclass
class _Facts:
    """What the copied database says of itself."""

    rows: dict[str, int] = field(default_factory=dict)
    migrations: dict[str, list[str]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


def back_up(target: Path, *, with_keys: bool, tell: Tell) -> Manifest:
    """Make a backup in `target`, a folder that is empty or not there yet. Raises Refused.

    It is filled under another name and renamed when it is whole. Files are written before the
    rows that name them and deleted after: so the files that are there are copied first, then the
    database, then the files that came meanwhile. Every file that the copied database names was
    there at one of the two times, unless it came and went between them.
    """
    target = target.absolute()
    _require_room_for_it(target)
    unfinished = target.with_name(f".{target.name}.unfinished-{uuid.uuid4().hex[:8]}")
    try:
        unfinished.mkdir(mode=0o700, parents=True)
        manifest = _fill(unfinished, with_keys, tell)
        manifest.write(unfinished)
        for folder, _, _ in os.walk(unfinished):
            _keep(Path(folder))
        unfinished.rename(target)
        _keep(target.parent)
    except (OSError, DatabaseError) as problem:
        raise Refused(f"No backup was made: {one_line(problem)}") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def _require_room_for_it(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Refused(f"{target} is not a folder.")
    if target.is_dir() and any(target.iterdir()):
        raise Refused(f"{target} is not empty; name a new folder.")
    if target.is_mount():
        raise Refused(f"{target} is a disk of its own; name a folder in it.")
    if target.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise Refused(f"{target} lies among the uploaded files; name another place.")


def _fill(folder: Path, with_keys: bool, tell: Tell) -> Manifest:
    made_at = timezone.now().isoformat()
    tell("Copying uploaded files")
    files = media_files.copy_out(folder, {}, tell)
    tell("Copying the database")
    facts = _copy_database(folder / KINDS[connection.vendor], tell)
    tell("Copying files that came meanwhile")
    files |= media_files.copy_out(folder, files, tell)
    files[KINDS[connection.vendor]] = measure(folder / KINDS[connection.vendor])
    if with_keys:
        files |= _copy_keys(folder)
    return Manifest(
        made_at=made_at,
        hub_version=site_state.hub_version(),
        database=connection.vendor,
        migrations=facts.migrations,
        rows=facts.rows,
        files=dict(sorted(files.items())),
        absent=sorted(name for name in facts.named if f"media/{name}" not in files),
    )


def _copy_database(target: Path, tell: Tell) -> _Facts:
    if connection.vendor == "sqlite":
        source = Path(str(connection.settings_dict["NAME"]))
        sqlite_copy.copy_out(source, target, by_tenths(tell, "of the database"))
        return _facts(sqlite_copy.rows(target))
    with postgres_copy.snapshot() as snapshot:
        postgres_copy.copy_out(snapshot, target)
        return _facts(snapshot.rows)


def _facts(rows: site_state.Rows) -> _Facts:
    if "django_migrations" not in site_state.tables(rows):
        raise Refused("The database is empty: there is nothing to back up.")
    return _Facts(site_state.counts(rows), site_state.migrations(rows), media_files.named_by(rows))


def _copy_keys(folder: Path) -> dict[str, Stored]:
    """The private keys too, for their owner to read."""
    copied = {}
    (folder / KEYS).mkdir(mode=0o700)
    for key in sorted(Path(settings.HUB_ISSUER_KEY_DIR).glob("*.j*")):
        target = folder / KEYS / key.name
        put(target, key.read_bytes())
        copied[f"{KEYS}/{key.name}"] = measure(target)
    return copied


def by_tenths(tell: Tell, of_what: str) -> Callable[[int, int], None]:
    """Tells of progress whenever another tenth of something long is done."""
    told = 0

    def progress(done: int, total: int) -> None:
        nonlocal told
        tenth = done * 10 // max(total, 1)
        if tenth > told:
            told = tenth
            tell(f"  {tenth * 10} % {of_what}")

    return progress


def _keep(folder: Path) -> None:
    """Put a folder's list of names on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
