"""Sessions in the database, for those who send a key that one of ours could be."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's own, except that PostgreSQL is never asked for a key that it cannot hold."""

    def _validate_session_key(self, key: Any) -> bool:
        is_key = super()._validate_session_key(key)  # type: ignore[misc]
        return bool(is_key) and key.isascii() and key.isalnum()
