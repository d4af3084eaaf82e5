"""Tells whether a credential is genuine, with nothing but the issuer's public keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from joserfc.jwk import OKPKey

from syllabus.certificates import status_list
from syllabus.certificates.jose import NotGenuine, verified

# The one form of a .json file: W3C's envelope around the token, to the byte.
_BEFORE = b'{"@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt,'
_AFTER = b'","type":"EnvelopedVerifiableCredential"}'
MAX_BYTES = 64 * 1024
_NOT_OURS = "it is signed by this issuer, but is not a certificate."


class Unreadable(Exception):
    """What was given is no credential at all. The text says what to give instead."""


class Revocation(StrEnum):
    """What is known of a credential's revocation."""

    REVOKED = "revoked"
    NOT_REVOKED = "not revoked"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Credential:
    """A genuine credential, and the id of the key that signed it."""

    payload: dict[str, Any]
    key_id: str

    @property
    def address(self) -> str:
        """Where its certificate is shown."""
        return str(self.payload["id"])

    @property
    def holder(self) -> str:
        """The name of the one who completed the module."""
        return str(self.payload["credentialSubject"]["identifier"][0]["identityHash"])

    @property
    def achievement(self) -> dict[str, Any]:
        """The module: `name`, `version`, `humanCode` (its level), `criteria`."""
        found: dict[str, Any] = self.payload["credentialSubject"]["achievement"]
        return found

    @property
    def score(self) -> str | None:
        """The mark in the assessment, in per cent, where there was one."""
        results = self.payload["credentialSubject"].get("result")
        return str(results[0]["value"]) if results else None

    @property
    def issued_at(self) -> dt.datetime:
        """When it was issued."""
        return dt.datetime.fromisoformat(self.payload["validFrom"])

    @property
    def expires_at(self) -> dt.datetime | None:
        """When it stops counting, if ever."""
        until = self.payload.get("validUntil")
        return dt.datetime.fromisoformat(until) if until else None

    def is_expired(self, at: dt.datetime) -> bool:
        """Whether it has stopped counting at `at`."""
        return self.expires_at is not None and at >= self.expires_at


@dataclass(frozen=True)
class StatusList:
    """A genuine list of revocations, as it was at `listed_at`."""

    url: str
    listed_at: dt.datetime
    encoded: str


def enveloped(token: str) -> bytes:
    """The .json file of a token."""
    return _BEFORE + token.encode() + _AFTER


def token_of(content: bytes) -> str:
    """The token in a .json or .jwt file. Raises Unreadable."""
    if content.startswith(b"%PDF"):
        raise Unreadable("This is a PDF file. Give the certificate’s .json file instead.")
    if len(content) > MAX_BYTES:
        raise Unreadable("This file is too long to be a certificate.")
    if content.startswith(_BEFORE) and content.endswith(_AFTER):
        content = content[len(_BEFORE) : -len(_AFTER)]
    elif content.lstrip().startswith(b"{"):
        raise Unreadable("This JSON file is not a certificate as it was issued.")
    try:
        token = content.decode("ascii")
    except UnicodeDecodeError:
        token = ""
    if token.count(".") != 2:
        raise Unreadable("This is not a certificate. Give its .json or .jwt file.")
    return token


def verify(token: str, keys: Mapping[str, OKPKey]) -> Credential:
    """The credential in `token`. Raises NotGenuine."""
    payload, key_id = verified(token, keys)
    credential = Credential(payload, key_id)
    if "OpenBadgeCredential" not in payload.get("type", ()):
        raise NotGenuine(_NOT_OURS)
    try:
        _ = credential.holder, credential.issued_at, credential.expires_at, credential.score
        _ = credential.achievement["name"], credential.payload["credentialStatus"]
    except (KeyError, TypeError, IndexError, ValueError):
        raise NotGenuine(_NOT_OURS) from None
    return credential


def read_status_list(token: str, keys: Mapping[str, OKPKey]) -> StatusList:
    """The list in `token`. Raises NotGenuine."""
    payload, _ = verified(token, keys)
    if "BitstringStatusListCredential" not in payload.get("type", ()):
        raise NotGenuine("it is signed by this issuer, but is not a list of revocations.")
    listed_at = dt.datetime.fromisoformat(payload["validFrom"])
    return StatusList(payload["id"], listed_at, payload["credentialSubject"]["encodedList"])


def revocation(credential: Credential, listed: StatusList | None) -> Revocation:
    """What a list says of a credential; nothing where it is another list's."""
    status = credential.payload["credentialStatus"]
    if listed is None or listed.url != status["statusListCredential"]:
        return Revocation.NOT_CHECKED
    is_revoked = status_list.is_set(listed.encoded, int(status["statusListIndex"]))
    return Revocation.REVOKED if is_revoked else Revocation.NOT_REVOKED
