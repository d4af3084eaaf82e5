"""Bookmarks and collections for tests."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from wagtail.models import Page, Site

from learning_hub.accounts.models import User
from learning_hub.bookmarks import collecting, keeping, sharing
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection, CollectionShare
from learning_hub.pages.models import InformationPage

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def make_page(title: str = "How to ask for time", **fields: Any) -> InformationPage:
    """A published page below one of its kind, so that no menu or footer names it."""
    home = Site.objects.get(is_default_site=True).root_page
    shelf = InformationPage.objects.child_of(home).filter(slug="reading").first()
    shelf = shelf or home.add_child(instance=InformationPage(title="Reading", slug="reading"))
    return shelf.add_child(instance=InformationPage(title=title, **fields))


def keep(user: User, page: Page, at: dt.datetime = NOON) -> Bookmark:
    """The person keeps the page."""
    return keeping.keep(user=user, page=page, at=at)


def keep_many(user: User, number: int) -> list[Bookmark]:
    """The person keeps so many new pages, one an hour."""
    hour = dt.timedelta(hours=1)
    return [keep(user, make_page(f"Page {n}"), NOON + n * hour) for n in range(number)]


def make_collection(
    user: User, name: str = "Theatre time", *bookmarks: Bookmark, **fields: Any
) -> BookmarkCollection:
    """A collection of these bookmarks, in this order."""
    made = collecting.start_collection(
        user=user, name=name, key=uuid.uuid4(), at=fields.pop("at", NOON), **fields
    )
    for bookmark in bookmarks:
        collecting.add(user=user, collection_id=made.pk, bookmark_ids=[bookmark.pk])
    return made


def make_link(collection: BookmarkCollection, *, shows_name: bool = False) -> CollectionShare:
    """An open private link."""
    return sharing.make_link(
        user=collection.user, collection_id=collection.pk, shows_name=shows_name, at=NOON
    )


def titles(collection: BookmarkCollection) -> list[str]:
    """The titles of a collection in its order."""
    return list(collection.entries.values_list("bookmark__title", flat=True))
