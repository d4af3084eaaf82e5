"""Copies a collection that somebody shares into one's own."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from learning_hub.accounts.models import User
from learning_hub.bookmarks import collecting
from learning_hub.bookmarks.keeping import keep_all, lock
from learning_hub.bookmarks.models import (
    NAME_LENGTH,
    BookmarkCollection,
    CollectionEntry,
    folded,
)
from learning_hub.bookmarks.refusals import MOST_COLLECTIONS, NothingToCopy


@transaction.atomic
def copy(
    *,
    user: User,
    collection: BookmarkCollection,
    entries: list[CollectionEntry],
    key: UUID,
    at: dt.datetime,
) -> BookmarkCollection:
    """Make a collection of her own of `entries`, those of `collection` that she may see.

    They become bookmarks of hers, with the notes; the entries come with their pages read. The
    same key is the same copy. Raises NothingToCopy, TooManyCollections or TooManyBookmarks.
    """
    if not entries:
        raise NothingToCopy
    lock(user)
    before = BookmarkCollection.objects.of(user.pk).filter(key=key).first()
    if before is not None:
        return before
    made = collecting.start_collection(
        user=user,
        name=_free_name(user, collection.name),
        description=collection.description,
        key=key,
        at=at,
    )
    kept = keep_all(user=user, pages=[entry.bookmark.page for entry in entries], at=at)
    notes = {entry.bookmark.page_id: entry.note for entry in entries}
    collecting.append(
        collection=made,
        bookmarks=kept,
        notes={bookmark.pk: notes[bookmark.page_id] for bookmark in kept},
    )
    return made


def _free_name(user: User, name: str) -> str:
    """The name, or the first of “name (2)”, “name (3)” … that she has not given yet."""
    taken = set(BookmarkCollection.objects.of(user.pk).values_list("name_key", flat=True))
    numbered = [f" ({number})" for number in range(2, MOST_COLLECTIONS + 2)]
    names = [name, *(name[: NAME_LENGTH - len(end)] + end for end in numbered)]
    return next(each for each in names if folded(each) not in taken)
