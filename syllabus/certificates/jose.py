"""Signs and verifies compact JSON Web Signatures: Ed25519 only, and in one exact byte form only."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

# "EdDSA" became "Ed25519" in RFC 9864; Open Badges and those who verify them say "EdDSA" still.
ALGORITHM = "EdDSA"
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)

_SEGMENTS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class NotGenuine(Exception):
    """A token that none of the given keys signed as it stands. The text says what is wrong."""


def sign(payload: Mapping[str, Any], *, key: OKPKey, key_url: str) -> str:
    """The compact token of `payload`; `key_url` ends in #, and the key's own id."""
    header = {"alg": ALGORITHM, "kid": key_url, "typ": "JWT"}
    body = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    token: str = jws.serialize_compact(header, body.encode(), key, algorithms=[ALGORITHM])
    return token


def verified(token: str, keys: Mapping[str, OKPKey]) -> tuple[dict[str, Any], str]:
    """The payload of `token`, and the id of the one of `keys` that signed it.

    Raises NotGenuine. Base64 leaves bits over at its end that decoding ignores; a token in which
    they are set is refused, so that no byte of a genuine one can be changed.
    """
    if not _SEGMENTS.fullmatch(token):
        raise NotGenuine("it is not a signed credential.")
    header = _object(_decoded(token.split(".")[0]))
    key_id = str(header.get("kid", "")).rpartition("#")[2]
    if header.get("alg") != ALGORITHM or key_id not in keys:
        raise NotGenuine("it was not signed with a key of this issuer.")
    for segment in token.split("."):
        _decoded(segment)
    try:
        signed = jws.deserialize_compact(token, keys[key_id], algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        raise NotGenuine("its signature does not fit its content.") from None
    return _object(bytes(signed.payload)), key_id


def public_keys(document: Any) -> dict[str, OKPKey]:
    """The Ed25519 keys of a JSON Web Key Set by id. Raises ValueError for anything else."""
    try:
        rows = [row for row in document["keys"] if row.get("crv") == "Ed25519"]
        return {row["kid"]: OKPKey.import_key(row) for row in rows}
    except (TypeError, KeyError, AttributeError, JoseError) as problem:
        raise ValueError("It is not a JSON Web Key Set.") from problem


def _decoded(segment: str) -> bytes:
    try:
        raw = urlsafe_b64decode(segment.encode())
    except ValueError:
        raise NotGenuine("it is not a signed credential.") from None
    if urlsafe_b64encode(raw).decode() != segment:
        raise NotGenuine("it is not written in its one exact form.")
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        raise NotGenuine("it is not a signed credential.") from None
    if not isinstance(value, dict):
        raise NotGenuine("it is not a signed credential.")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("A name stands twice.")
    return dict(pairs)
