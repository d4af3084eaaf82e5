"""Collections: named once a person, in an order, within limits."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from learning_hub.accounts.models import User
from learning_hub.bookmarks import collecting
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection, CollectionEntry
from learning_hub.bookmarks.refusals import (
    CollectionNotFound,
    NameTaken,
    NothingChosen,
    TooManyCollections,
    TooManyEntries,
)
from tests.factories.bookmarks import NOON, keep_many, make_collection, titles


def test_the_same_form_makes_one_collection(alice: User) -> None:
    key = uuid.uuid4()
    made = [
        collecting.start_collection(user=alice, name="Theatre", key=key, at=NOON) for _ in range(2)
    ]
    assert made[0] == made[1]
    assert BookmarkCollection.objects.count() == 1


@pytest.mark.parametrize("name", ["Éclair lists", "éclair  LISTS", "ÉCLAIR lists"])
def test_a_name_is_taken_once_a_person_in_any_case(alice: User, bob: User, name: str) -> None:
    make_collection(alice, "Éclair lists")
    with pytest.raises(NameTaken, match="“Éclair lists” already"):
        make_collection(alice, name)
    make_collection(bob, name)


def test_the_database_refuses_a_name_twice(alice: User) -> None:
    make_collection(alice, "Lists")
    with pytest.raises(IntegrityError), transaction.atomic():
        BookmarkCollection.objects.create(user=alice, name="LISTS", created_at=NOON)


def test_renaming_keeps_to_the_same_rule(alice: User) -> None:
    make_collection(alice, "Lists")
    other = make_collection(alice, "Clinics")
    with pytest.raises(NameTaken):
        collecting.describe(user=alice, collection_id=other.pk, name="lists", description="")
    collecting.describe(user=alice, collection_id=other.pk, name="CLINICS", description="New")
    other.refresh_from_db()
    assert (other.name, other.description) == ("CLINICS", "New")


def test_there_are_limits_that_say_so(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_COLLECTIONS", 1)
    monkeypatch.setattr(collecting, "MOST_ENTRIES", 2)
    made, kept = make_collection(alice, "Lists"), keep_many(alice, 3)
    with pytest.raises(TooManyCollections, match="50 collections at most"):
        make_collection(alice, "More")
    with pytest.raises(TooManyEntries, match="200 pages at most"):
        collecting.add(user=alice, collection_id=made.pk, bookmark_ids=[b.pk for b in kept])
    assert titles(made) == []


def test_a_refused_page_leaves_no_empty_collection(alice: User) -> None:
    with pytest.raises(NothingChosen):
        collecting.collect(
            user=alice,
            collection_id=None,
            new_name="Lists",
            bookmark_ids=[],
            key=uuid.uuid4(),
            at=NOON,
        )
    assert not BookmarkCollection.objects.exists()


def test_a_page_is_in_a_collection_once(alice: User) -> None:
    kept = keep_many(alice, 2)
    made = make_collection(alice, "Lists", *kept)
    ids = [bookmark.pk for bookmark in kept]
    assert collecting.add(user=alice, collection_id=made.pk, bookmark_ids=ids) == 0
    assert titles(made) == ["Page 0", "Page 1"]
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectionEntry.objects.create(collection=made, bookmark=kept[0], position=3)


def test_nobody_adds_a_page_of_somebody_else(alice: User, bob: User) -> None:
    made, his = make_collection(alice, "Lists"), keep_many(bob, 1)
    with pytest.raises(NothingChosen):
        collecting.add(user=alice, collection_id=made.pk, bookmark_ids=[his[0].pk])
    with pytest.raises(CollectionNotFound):
        collecting.add(user=bob, collection_id=made.pk, bookmark_ids=[his[0].pk])


@pytest.mark.parametrize(
    ("place", "order", "now"),
    [(1, "2013", 1), (2, "0213", 2), (4, "0132", 4), (99, "0132", 4), (3, "0123", 3)],
)
def test_a_page_moves_and_the_others_shift(alice: User, place: int, order: str, now: int) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 4))
    moved = made.entries.get(bookmark__title="Page 2")
    where = {"user": alice, "collection_id": made.pk, "entry_id": moved.pk}
    for _ in range(2):  # a form sent twice moves once
        assert collecting.move(**where, place=place) == now
    assert titles(made) == [f"Page {number}" for number in order]
    assert list(made.entries.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_taking_out_closes_the_gap_and_keeps_the_bookmark(alice: User) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 3))
    entry = made.entries.get(position=2)
    for _ in range(2):
        collecting.take_out(user=alice, collection_id=made.pk, entry_id=entry.pk)
    assert titles(made) == ["Page 0", "Page 2"]
    assert list(made.entries.values_list("position", flat=True)) == [1, 2]
    assert Bookmark.objects.count() == 3
    where = {"user": alice, "collection_id": made.pk, "entry_id": entry.pk}
    assert collecting.move(**where, place=1) == 0


def test_deleting_a_collection_keeps_the_bookmarks(alice: User) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 2))
    for _ in range(2):
        collecting.delete(user=alice, collection_id=made.pk)
    assert not BookmarkCollection.objects.exists()
    assert Bookmark.objects.count() == 2
