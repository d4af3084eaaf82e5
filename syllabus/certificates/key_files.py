"""The folder of private issuer keys on this machine, and the public ones beside them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc.jwk import OKPKey

PUBLIC_KEYS = "public-keys.json"


def folder() -> Path:
    """The folder, made where it is missing, and open to its owner only."""
    path = Path(settings.HUB_ISSUER_KEY_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def private_keys() -> dict[str, OKPKey]:
    """The private keys that are here, by id."""
    keys = [
        OKPKey.import_key(json.loads(file.read_text()))
        for file in sorted(folder().glob("issuer-*.jwk"))
    ]
    return {key.thumbprint(): key for key in keys}


def make_key(number: int) -> OKPKey:
    """The issuer's key with this number, from 1; made now, or by whoever asked at the same time.

    Of several processes the first to put its whole file in place wins, and all use that one.
    """
    path = folder() / f"issuer-{number:04}.jwk"
    if not path.exists():
        made = OKPKey.generate_key("Ed25519").as_dict(private=True)
        written = _written(path.parent, json.dumps(made))
        try:
            os.link(written, path)
        except FileExistsError:
            pass
        finally:
            written.unlink()
        _keep(path.parent)
    return OKPKey.import_key(json.loads(path.read_text()))


def publish(jwks: Iterable[dict[str, Any]]) -> None:
    """Add these public keys to the file that `verify_certificate` reads by default."""
    path = folder() / PUBLIC_KEYS
    known = {key["kid"]: key for key in [*_published(path), *jwks]}
    written = _written(path.parent, json.dumps({"keys": list(known.values())}, indent=2) + "\n")
    written.replace(path)
    _keep(path.parent)


def _published(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text())["keys"]) if path.exists() else []


def _written(where: Path, text: str) -> Path:
    """A new file with this text, on the disk for sure, that only its owner can read."""
    number, name = tempfile.mkstemp(dir=where)  # made with mode 0600
    with os.fdopen(number, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _keep(where: Path) -> None:
    """Put the folder's list of names on the disk too."""
    number = os.open(where, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
