"""Opens a collection to whoever has its private link, and ends the link."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from uuid import UUID

from django.db import transaction

from learning_hub.accounts.models import User
from learning_hub.bookmarks.collecting import own_collection
from learning_hub.bookmarks.models import TOKEN_LENGTH, BookmarkCollection, CollectionShare

_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
_BYTES = 32  # nobody can guess 256 bits


@transaction.atomic
def make_link(
    *, user: User, collection_id: UUID, shows_name: bool, at: dt.datetime
) -> CollectionShare:
    """Make a new private link; the one before it ends. Raises CollectionNotFound."""
    found = own_collection(user, collection_id)
    _end(found, at)
    return CollectionShare.objects.create(
        collection=found,
        token=secrets.token_urlsafe(_BYTES),
        shows_name=shows_name,
        shared_at=at,
    )


@transaction.atomic
def end_link(*, user: User, collection_id: UUID, at: dt.datetime) -> None:
    """End the link at once. Ending twice is ending once. Raises CollectionNotFound."""
    _end(own_collection(user, collection_id), at)


def shared_by(token: str) -> CollectionShare | None:
    """What an open link leads to, with its collection and owner; one query.

    None for a link that was ended or never was. One that cannot be a link asks no database.
    """
    if not _TOKEN.fullmatch(token):
        return None
    shares = CollectionShare.objects.select_related("collection__user")
    return shares.filter(
        token=token, ended_at__isnull=True, collection__user__is_active=True
    ).first()


def _end(collection: BookmarkCollection, at: dt.datetime) -> None:
    collection.shares.filter(ended_at__isnull=True).update(ended_at=at)
