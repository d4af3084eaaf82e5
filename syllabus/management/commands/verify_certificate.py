"""`manage.py verify_certificate FILE`: checks a certificate with no network and no database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from joserfc.jwk import OKPKey

from syllabus.certificates.jose import NotGenuine, public_keys
from syllabus.certificates.key_files import PUBLIC_KEYS
from syllabus.certificates.verifying import (
    Credential,
    Revocation,
    StatusList,
    Unreadable,
    read_status_list,
    revocation,
    token_of,
    verify,
)

GENUINE, NOT_GENUINE, UNREADABLE, NO_LONGER_COUNTS = 0, 1, 2, 3


class Command(BaseCommand):
    """Says whether a certificate's .json or .jwt file is genuine, and what it attests.

    Ends with 0 for genuine and current, 1 for not genuine, 2 for a file that cannot be read,
    3 for genuine but expired or revoked.
    """

    help = "Check a certificate offline. Exit: 0 genuine, 1 not, 2 unreadable, 3 no longer counts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and what to check it with."""
        parser.formatter_class = argparse.HelpFormatter
        parser.add_argument("file", type=Path, help="The certificate’s .json or .jwt file.")
        parser.add_argument(
            "--keys",
            type=Path,
            default=Path(settings.HUB_ISSUER_KEY_DIR) / PUBLIC_KEYS,
            help="The issuer’s public keys, from /.well-known/jwks.json.",
        )
        parser.add_argument(
            "--status", type=Path, help="A list of revocations, from /certificates/status/…"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the file, print what it attests, and end with the verdict."""
        try:
            keys = _keys(options["keys"])
            listed = _status_list(options["status"], keys)
            token = token_of(_content(options["file"]))
        except Unreadable as problem:
            self.stderr.write(str(problem))
            sys.exit(UNREADABLE)
        try:
            credential = verify(token, keys)
        except NotGenuine as problem:
            self.stdout.write(f"NOT GENUINE: {problem}")
            sys.exit(NOT_GENUINE)
        sys.exit(self._tell(credential, listed))

    def _tell(self, credential: Credential, listed: StatusList | None) -> int:
        """Print what a genuine credential attests; the number to end with."""
        found = revocation(credential, listed)
        is_expired = credential.is_expired(timezone.now())
        verdict = "GENUINE"
        if is_expired:
            verdict = "GENUINE, BUT EXPIRED"
        if found == Revocation.REVOKED:
            verdict = "GENUINE, BUT REVOKED"
        self.stdout.write(verdict)
        for label, value in _lines(credential, found, listed):
            self.stdout.write(f"{label + ':':<12}{value}")
        counts = not is_expired and found != Revocation.REVOKED
        return GENUINE if counts else NO_LONGER_COUNTS


def _lines(
    credential: Credential, found: Revocation, listed: StatusList | None
) -> list[tuple[str, str]]:
    achievement, until = credential.achievement, credential.expires_at
    checked = f"{found}, in the list of {listed.listed_at:%d %B %Y %H:%M} UTC" if listed else found
    return [
        ("Holder", credential.holder),
        ("Module", achievement["name"]),
        ("Level", achievement["humanCode"]),
        ("Version", achievement["version"]),
        ("Score", f"{credential.score}%" if credential.score else "not assessed"),
        ("Issued", f"{credential.issued_at:%d %B %Y}"),
        ("Expires", f"{until:%d %B %Y}" if until else "never"),
        ("Issuer", f"{credential.payload['issuer']['name']} ({credential.payload['iss']})"),
        ("Address", credential.address),
        ("Key", credential.key_id),
        ("Revocation", checked),
    ]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise Unreadable(f"{file} cannot be read: {problem.strerror}.") from None


def _keys(file: Path) -> dict[str, OKPKey]:
    try:
        return public_keys(json.loads(_content(file)))
    except ValueError:
        raise Unreadable(
            f"{file} holds no issuer keys. Give the file from /.well-known/jwks.json with --keys."
        ) from None


def _status_list(file: Path | None, keys: Mapping[str, OKPKey]) -> StatusList | None:
    if file is None:
        return None
    try:
        return read_status_list(_content(file).decode("ascii").strip(), keys)
    except (NotGenuine, ValueError):
        raise Unreadable(f"{file} is not a list of revocations by this issuer.") from None
