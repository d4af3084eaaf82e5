"""Makes collections of bookmarks, and changes what is in them and in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from learning_hub.accounts.models import User
from learning_hub.bookmarks.keeping import lock
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection, CollectionEntry, folded
from learning_hub.bookmarks.refusals import (
    MOST_COLLECTIONS,
    MOST_ENTRIES,
    CollectionNotFound,
    NameTaken,
    NothingChosen,
    TooManyCollections,
    TooManyEntries,
)


@transaction.atomic
def start_collection(
    *, user: User, name: str, key: UUID, at: dt.datetime, description: str = ""
) -> BookmarkCollection:
    """Make an empty collection. The same key is the same collection.

    Raises NameTaken or TooManyCollections.
    """
    lock(user)
    own = BookmarkCollection.objects.of(user.pk)
    before = own.filter(key=key).first()
    if before is not None:
        return before
    _refuse_name(user, name)
    if own.count() >= MOST_COLLECTIONS:
        raise TooManyCollections
    return BookmarkCollection.objects.create(
        user=user, name=name, description=description, key=key, created_at=at
    )


@transaction.atomic
def describe(*, user: User, collection_id: UUID, name: str, description: str) -> BookmarkCollection:
    """Rename a collection and say what it is for. Raises CollectionNotFound or NameTaken."""
    found = own_collection(user, collection_id)
    _refuse_name(user, name, but=found)
    found.name, found.description = name, description
    found.save()
    return found


@transaction.atomic
def delete(*, user: User, collection_id: UUID) -> None:
    """Delete a collection and its links; the bookmarks stay. Deleting twice is deleting once."""
    BookmarkCollection.objects.of(user.pk).filter(pk=collection_id).delete()


@transaction.atomic
def collect(
    *,
    user: User,
    collection_id: UUID | None,
    new_name: str,
    bookmark_ids: Collection[int],
    key: UUID,
    at: dt.datetime,
) -> tuple[UUID, int]:
    """Put bookmarks in a collection, or in a new one where `collection_id` is None.

    Which collection it is, and how many were not in it before. Raises a Refused, and then no
    collection was made.
    """
    if collection_id is None:
        collection_id = start_collection(user=user, name=new_name, key=key, at=at).pk
    number = add(user=user, collection_id=collection_id, bookmark_ids=bookmark_ids)
    return collection_id, number


@transaction.atomic
def add(*, user: User, collection_id: UUID, bookmark_ids: Collection[int]) -> int:
    """Put bookmarks at the end, newest first; how many were not in it before.

    Raises CollectionNotFound, NothingChosen or TooManyEntries.
    """
    found = own_collection(user, collection_id)
    chosen = list(Bookmark.objects.of(user.pk).filter(pk__in=bookmark_ids))
    if not chosen:
        raise NothingChosen
    return append(collection=found, bookmarks=chosen)


def own_collection(user: User, collection_id: UUID) -> BookmarkCollection:
    """Her collection, which nobody else changes meanwhile; in a transaction.

    Raises CollectionNotFound.
    """
    lock(user)
    found = BookmarkCollection.objects.of(user.pk).filter(pk=collection_id).first()
    if found is None:
        raise CollectionNotFound
    return found


def append(
    *,
    collection: BookmarkCollection,
    bookmarks: Collection[Bookmark],
    notes: dict[int, str] | None = None,
) -> int:
    """Put these at the end of a collection that is locked; how many were not in it before.

    `notes` are by the bookmark's id. Raises TooManyEntries.
    """
    there = set(collection.entries.values_list("bookmark_id", flat=True))
    new = [bookmark for bookmark in bookmarks if bookmark.pk not in there]
    if len(there) + len(new) > MOST_ENTRIES:
        raise TooManyEntries
    last = collection.entries.aggregate(last=Max("position"))["last"] or 0
    CollectionEntry.objects.bulk_create(
        CollectionEntry(
            collection=collection,
            bookmark=bookmark,
            position=place,
            note=(notes or {}).get(bookmark.pk, ""),
        )
        for place, bookmark in enumerate(new, start=last + 1)
    )
    return len(new)


@transaction.atomic
def take_out(*, user: User, collection_id: UUID, entry_id: int) -> None:
    """Take a page out of a collection; the bookmark stays. Raises CollectionNotFound."""
    found = own_collection(user, collection_id)
    entry = found.entries.filter(pk=entry_id).first()
    if entry is not None:
        entry.delete()
        found.entries.filter(position__gt=entry.position).update(position=F("position") - 1)


@transaction.atomic
def move(*, user: User, collection_id: UUID, entry_id: int, place: int) -> int:
    """Put a page at `place` (from 1; the nearest there is) and shift the others; where it is now.

    0 where it is no longer in the collection. Raises CollectionNotFound.
    """
    found = own_collection(user, collection_id)
    order = list(found.entries.all())
    entry = next((each for each in order if each.pk == entry_id), None)
    if entry is None:
        return 0
    order.remove(entry)
    place = max(1, min(place, len(order) + 1))
    order.insert(place - 1, entry)
    shifted = [each for at, each in enumerate(order, start=1) if each.position != at]
    for at, each in enumerate(order, start=1):
        each.position = at
    CollectionEntry.objects.bulk_update(shifted, ["position"])
    return place


@transaction.atomic
def place_and_note(*, user: User, collection_id: UUID, entry_id: int, place: int, note: str) -> int:
    """Say why a page is in the collection, and put it at `place`; where it is now.

    0 where it is no longer in the collection. Raises CollectionNotFound.
    """
    own_collection(user, collection_id).entries.filter(pk=entry_id).update(note=note)
    return move(user=user, collection_id=collection_id, entry_id=entry_id, place=place)


def _refuse_name(user: User, name: str, but: BookmarkCollection | None = None) -> None:
    same = BookmarkCollection.objects.of(user.pk).filter(name_key=folded(name))
    other = same.exclude(pk=but.pk).first() if but else same.first()
    if other is not None:
        raise NameTaken(other.name)
