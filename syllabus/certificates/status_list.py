"""The published lists of revoked certificates: one bit each, as W3C Bitstring Status Lists."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from collections.abc import Iterable
from typing import Any

from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

LENGTH = 131_072  # bits: the least that the standard allows
LASTS = dt.timedelta(days=1)  # an older copy could hide a revocation since


def encoded(revoked: Iterable[int]) -> str:
    """The list with these bits set, the same bytes for the same bits."""
    bits = bytearray(LENGTH // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode()


def is_set(encoded_list: str, index: int) -> bool:
    """Whether a bit of an encoded list is set. Raises ValueError where it is no such list."""
    if not encoded_list.startswith("u"):
        raise ValueError("The list has an unknown form.")
    unpacking = zlib.decompressobj(wbits=31)
    try:
        bits = unpacking.decompress(urlsafe_b64decode(encoded_list[1:].encode()), LENGTH // 8)
    except (ValueError, zlib.error) as problem:
        raise ValueError("The list is damaged.") from problem
    if len(bits) != LENGTH // 8 or not 0 <= index < LENGTH:
        raise ValueError("The list is too short.")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def status_list_credential(
    *, url: str, issuer_id: str, revoked: Iterable[int], at: dt.datetime
) -> dict[str, Any]:
    """The payload to sign for the list published at `url`."""
    until = at + LASTS
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id,
        "validFrom": _moment(at),
        "validUntil": _moment(until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(revoked),
        },
        "iss": issuer_id,
        "jti": url,
        "nbf": int(at.timestamp()),
        "exp": int(until.timestamp()),
    }


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
