"""Keeps pages in a person's bookmarks, and lets go of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from wagtail.models import Page

from learning_hub.accounts.models import User
from learning_hub.bookmarks.models import Bookmark
from learning_hub.bookmarks.refusals import MOST_BOOKMARKS, TooManyBookmarks


@transaction.atomic
def keep(*, user: User, page: Page, at: dt.datetime) -> Bookmark:
    """Keep a page that she may see. Keeping it twice is keeping it once.

    Raises TooManyBookmarks.
    """
    return keep_all(user=user, pages=[page], at=at)[0]


@transaction.atomic
def keep_all(*, user: User, pages: Iterable[Page], at: dt.datetime) -> list[Bookmark]:
    """Keep several pages at once, all or none; the bookmarks in the order of `pages`.

    Raises TooManyBookmarks.
    """
    wanted = {page.pk: page for page in pages}
    lock(user)
    kept = _kept(user, wanted)
    new = [page for pk, page in wanted.items() if pk not in kept]
    if new and Bookmark.objects.of(user.pk).count() + len(new) > MOST_BOOKMARKS:
        raise TooManyBookmarks
    Bookmark.objects.bulk_create(
        [Bookmark(user=user, page=page, title=page.title, saved_at=at) for page in new],
        ignore_conflicts=True,  # the database has the last word on what is there already
    )
    kept = _kept(user, wanted)
    return [kept[pk] for pk in wanted]


@transaction.atomic
def remove(*, user: User, bookmark_ids: Collection[int]) -> list[str]:
    """Let go of those that are hers, in her collections too; the titles of what was removed."""
    lock(user)
    found = Bookmark.objects.of(user.pk).filter(pk__in=bookmark_ids)
    titles = list(found.values_list("title", flat=True))
    found.delete()
    return titles


def lock(user: User) -> None:
    """One step of a person at a time: what has been counted stays true. In a transaction."""
    User.objects.select_for_update().get(pk=user.pk)


def _kept(user: User, pages: Collection[int]) -> dict[int | None, Bookmark]:
    found = Bookmark.objects.of(user.pk).filter(page__in=pages)
    return {bookmark.page_id: bookmark for bookmark in found}
