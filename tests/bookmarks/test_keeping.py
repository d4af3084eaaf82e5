"""Pages are kept once, followed where they move, and told of when they are gone."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ReferenceIndex

from learning_hub.accounts.models import User
from learning_hub.bookmarks import keeping
from learning_hub.bookmarks.models import Bookmark
from learning_hub.bookmarks.refusals import TooManyBookmarks
from tests.factories.bookmarks import NOON, keep, keep_many, make_collection, make_page


def test_keeping_twice_is_keeping_once(alice: User) -> None:
    page = make_page()
    assert keep(alice, page) == keep(alice, page)
    assert Bookmark.objects.count() == 1


def test_two_people_keep_the_same_page(alice: User, bob: User) -> None:
    page = make_page()
    assert keep(alice, page) != keep(bob, page)


def test_the_database_refuses_a_second_bookmark_of_the_page(alice: User) -> None:
    bookmark = keep(alice, make_page())
    with pytest.raises(IntegrityError), transaction.atomic():
        Bookmark.objects.create(user=alice, page=bookmark.page, title="Again", saved_at=NOON)


def test_a_bookmark_that_another_request_just_made_is_taken_as_it_is(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, plain, seen = make_page(), keeping._kept, []

    def kept_late(user: User, pages: object) -> dict[int | None, Bookmark]:
        found = plain(user, pages)  # what the first look finds is out of date at once
        if not seen:
            seen.append(Bookmark.objects.create(user=user, page=page, title="x", saved_at=NOON))
        return found

    monkeypatch.setattr(keeping, "_kept", kept_late)
    assert keep(alice, page) == seen[0]
    assert Bookmark.objects.count() == 1


def test_there_is_a_limit_that_says_so(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_BOOKMARKS", 2)
    kept = keep_many(alice, 2)
    with pytest.raises(TooManyBookmarks, match="You can keep 500 pages at most"):
        keep(alice, make_page("One more"))
    assert keep(alice, kept[0].page) == kept[0]  # what is kept already is no more


def test_a_bookmark_follows_its_page_and_keeps_its_own_title(alice: User) -> None:
    page, elsewhere = make_page("Before"), make_page("Elsewhere")
    bookmark = keep(alice, page)
    page.move(elsewhere, pos="last-child")
    page.refresh_from_db()
    page.title = "After"
    page.save()
    bookmark.refresh_from_db()
    assert bookmark.page.url_path.startswith(elsewhere.url_path)
    assert (bookmark.page.title, bookmark.title) == ("After", "Before")


def test_a_deleted_page_leaves_its_title(alice: User) -> None:
    first, second = keep(alice, make_page("First")), keep(alice, make_page("Second"))
    for bookmark in (first, second):
        bookmark.page.delete()
    left = Bookmark.objects.of(alice.pk).values_list("title", "page")
    assert set(left) == {("First", None), ("Second", None)}


def test_removing_takes_what_is_hers_and_nothing_else(alice: User, bob: User) -> None:
    page = make_page("Kept")
    hers, his = keep(alice, page), keep(bob, page)
    make_collection(alice, "One", hers)
    for removed in (["Kept"], []):
        assert keeping.remove(user=alice, bookmark_ids=[hers.pk, his.pk]) == removed
    assert list(Bookmark.objects.all()) == [his]


def test_bookmarks_go_with_the_account(alice: User) -> None:
    make_collection(alice, "One", *keep_many(alice, 2))
    alice.delete()
    assert not Bookmark.objects.exists()


def test_editors_do_not_see_who_keeps_a_page(alice: User) -> None:
    page = make_page()
    keep(alice, page)
    assert not ReferenceIndex.get_references_to(page).exists()
