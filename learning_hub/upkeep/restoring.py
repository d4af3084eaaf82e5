"""Puts a backup in the place of the site: checked first, and the database goes at once."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection

from learning_hub.upkeep import manifest as manifests
from learning_hub.upkeep import media_files, moving, postgres_copy, site_state, sqlite_copy
from learning_hub.upkeep.backing_up import by_tenths
from learning_hub.upkeep.manifest import KEYS, KINDS, Manifest
from learning_hub.upkeep.one_line import one_line
from learning_hub.upkeep.refusal import Refused
from learning_hub.upkeep.single import alone

Tell = Callable[[str], None]
_PUBLIC_KEYS = "public-keys.json"


def restore(backup: Path, *, replace: bool, tell: Tell) -> Manifest:
    """Make the site what the backup holds. Raises Refused, whose text says what stands.

    A site on PostgreSQL takes a backup of one on SQLite too: that is how a site moves.

    In this order: all of the backup is verified; files that are missing are added, which changes
    nothing for a site that does not name them; the database is replaced in one transaction; files
    that differ are replaced, and surplus ones removed. Broken off before the database, the old
    site stands; after it, the same command goes on where it was.
    """
    checked = _checked(backup, tell)
    with alone(tell):
        _require_permission(backup, checked, replace)
        media = media_files.Media(backup, checked.files)
        try:
            _require_space(checked, media)
            tell("Adding files that are missing")
            media.add_missing(tell)
            tell("Replacing the database")
            _replace_database(backup, checked, tell)
        except (OSError, DatabaseError, sqlite3.Error, Refused) as problem:
            media.take_back()
            raise Refused(f"Nothing was restored: {one_line(problem)}") from None
        try:
            tell("Comparing files")
            media.make_equal()
            _put_keys(backup, checked)
            if connection.vendor == "postgresql":
                call_command("migrate", verbosity=0, interactive=False)
            if checked.database != connection.vendor:
                call_command("update_index", verbosity=0)  # Wagtail's, whose form differs
        except Exception as problem:
            raise Refused(
                f"The database is restored, the rest is not: {one_line(problem)} "
                "Mend that, and restore again with --replace."
            ) from None
    ContentType.objects.clear_cache()
    return checked


def _checked(backup: Path, tell: Tell) -> Manifest:
    """The backup's manifest, once every byte of the backup agrees with it. Touches nothing."""
    checked = manifests.read(backup)
    if connection.vendor not in (checked.database, "postgresql"):
        raise Refused(
            f"The backup is of {checked.database}, and this site's database is {connection.vendor}."
        )
    site_state.require_known(dict(checked.migrations))
    tell("Checking the backup")
    try:
        manifests.verify(backup, checked, by_tenths(tell, "of the backup"))
    except OSError as problem:
        raise Refused(f"The backup cannot be read: {one_line(problem)}") from None
    if checked.database == "postgresql":
        postgres_copy.require_readable(backup / KINDS["postgresql"])
    return checked


def _require_permission(backup: Path, checked: Manifest, replace: bool) -> None:
    """Refuse to overwrite a site that is in use, and a private key always."""
    for name in _keys(checked):
        there = Path(settings.HUB_ISSUER_KEY_DIR) / name
        new = (backup / KEYS / name).read_bytes()
        if name != _PUBLIC_KEYS and there.exists() and there.read_bytes() != new:
            raise Refused(f"{there} is another key than the backup's; move it away first.")
    if replace:
        return
    lost = _what_is_there()
    if not lost and next(media_files.names(), None) is not None:
        lost = "there are uploaded files"
    if lost:
        raise Refused(f"Nothing was restored: {lost}. With --replace, the backup takes its place.")


def _what_is_there() -> str:
    if connection.vendor == "postgresql":
        return site_state.what_is_there(postgres_copy.ask)
    database = _database()
    if sqlite_copy.is_damaged(database):
        return "the database is damaged"
    if not database.exists():
        return ""
    return site_state.what_is_there(sqlite_copy.rows(database))


def _require_space(checked: Manifest, media: media_files.Media) -> None:
    """Refuse where a disk of ours has too little room, before any of it is used."""
    needed: dict[Path, int] = {}
    if connection.vendor == "sqlite":  # a copy beside, and the new content before the old is free
        needed[_database().parent] = 3 * checked.files[KINDS["sqlite"]].size
    if isinstance(default_storage._wrapped, FileSystemStorage):  # type: ignore[attr-defined]
        there = set(media_files.names())
        missing = sum(of.size for name, of in media.files.items() if name not in there)
        place = _nearest(Path(settings.MEDIA_ROOT))
        needed[place] = needed.get(place, 0) + missing
    for place, size in needed.items():
        if shutil.disk_usage(place).free < size:
            raise Refused(f"{place} has too little space: {size // 1_000_000 + 1:,} MB are needed.")


def _nearest(path: Path) -> Path:
    return path if path.exists() else _nearest(path.parent)


def _replace_database(backup: Path, checked: Manifest, tell: Tell) -> None:
    source = backup / KINDS[checked.database]
    if connection.vendor == "postgresql":
        connection.close()
        if checked.database == "postgresql":
            postgres_copy.copy_in(source, checked.rows, _new_history())
        else:
            moving.require_same_version(checked.migrations)
            progress = by_tenths(tell, "of the rows")
            moving.copy_in(source, checked.rows, _new_history(), progress)
        return
    database = _database()
    staged = database.with_name(f"restoring-{database.name}")
    try:
        _remove(staged)
        shutil.copyfile(source, staged)
        staged.chmod(0o600)
        _require_rows(staged, checked)
        with closing(sqlite3.connect(staged)) as direct, direct:
            direct.execute(_new_history())
        with _connected_to(staged):
            call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        sqlite_copy.copy_in(staged, database, by_tenths(tell, "of the database"))
    finally:
        _remove(staged)


def _require_rows(staged: Path, checked: Manifest) -> None:
    with closing(sqlite3.connect(staged)) as direct:
        sqlite_copy.require_sound(direct)
    found = site_state.counts(sqlite_copy.rows(staged))
    for table in sorted(found.keys() | checked.rows.keys()):
        has, wanted = found.get(table, 0), checked.rows.get(table, 0)
        if has != wanted:
            raise Refused(f"table {table} has not its {wanted:,} rows but {has:,}")


def _new_history() -> str:
    """SQL after which every search index knows that it is of another state of the database."""
    history = uuid.uuid4()
    written = history.hex if connection.vendor == "sqlite" else str(history)
    table = "search_journalposition"
    table = table if connection.vendor == "sqlite" else f"public.{table}"
    return (
        f"INSERT INTO {table} (id, number, history, thesaurus) "  # noqa: S608
        f"VALUES (1, 0, '{written}', 0) ON CONFLICT (id) DO UPDATE SET history = excluded.history;"
    )


@contextmanager
def _connected_to(file: Path) -> Iterator[None]:
    """Let Django work on another file for the length of the block."""
    connection.close()
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(file)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _database() -> Path:
    return Path(str(connection.settings_dict["NAME"])).absolute()


def _keys(checked: Manifest) -> list[str]:
    prefix = f"{KEYS}/"
    return [name.removeprefix(prefix) for name in checked.files if name.startswith(prefix)]


def _put_keys(backup: Path, checked: Manifest) -> None:
    folder = Path(settings.HUB_ISSUER_KEY_DIR)
    for name in _keys(checked):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / name).exists():
            manifests.put(folder / name, (backup / KEYS / name).read_bytes())


def _remove(staged: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        staged.with_name(staged.name + suffix).unlink(missing_ok=True)
