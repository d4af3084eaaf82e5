"""Reads the key that a form carries, by which a form sent twice is taken once."""

from __future__ import annotations

import uuid

from django.http import QueryDict


def key_in(posted: QueryDict) -> uuid.UUID:
    """The key that the form carried; a fresh one where it is missing or broken."""
    try:
        return uuid.UUID(posted.get("key", ""))
    except ValueError:
        return uuid.uuid4()
