"""The latest bookmarks and collections of a person, for a page that shows much else: one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db import models
from django.db.models import F, QuerySet, Value, Window
from django.db.models.functions import Cast, RowNumber
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from learning_hub.accounts.models import User
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection
from learning_hub.bookmarks.reading import is_open

MOST = 5
_PAGE = ("path", "url_path", "live", "expired", "expire_at")


@dataclass(frozen=True)
class ShelfLink:
    """A bookmark or a collection; without an address, a page that is no longer available."""

    title: str
    address: str


@dataclass(frozen=True)
class Shelf:
    """At most five of each, newest first."""

    bookmarks: tuple[ShelfLink, ...]
    collections: tuple[ShelfLink, ...]


def read_shelf(request: HttpRequest) -> Shelf:
    """What the signed-in person kept and collected last."""
    user = cast(User, request.user)
    found = _bookmarks(user.pk).union(_collections(user.pk), all=True).order_by("place")
    bookmarks, collections = [], []
    for key, _, name, title, *of_page in found:
        if key:
            address = reverse("my_collection", args=[UUID(key)])
            collections.append(ShelfLink(name, address))
        else:
            bookmarks.append(_bookmark_link(request, name, title, of_page))
    return Shelf(tuple(bookmarks), tuple(collections))


def _bookmark_link(request: HttpRequest, saved: str, title: str, of_page: list[Any]) -> ShelfLink:
    values = dict(zip(_PAGE, of_page, strict=True))
    page = Page(**values) if values["path"] else None
    if page is None or not is_open(page, request):
        return ShelfLink(saved, "")
    return ShelfLink(title, page.get_url(request) or "")


def _bookmarks(user_id: int) -> QuerySet:
    """Rows of: no key, place, saved title, the page's title and what tells who may see it."""
    newest = Window(RowNumber(), order_by=[F("saved_at").desc(), F("pk").desc()])
    own = Bookmark.objects.filter(user_id=user_id).annotate(key=_text(), place=newest)
    return own.filter(place__lte=MOST).values_list(
        "key", "place", "title", "page__title", *(f"page__{name}" for name in _PAGE)
    )


def _collections(user_id: int) -> QuerySet:
    """Rows of: key, place, name, and nothing of a page."""
    newest = Window(RowNumber(), order_by=[F("created_at").desc(), F("pk").desc()])
    own = BookmarkCollection.objects.filter(user_id=user_id).annotate(
        text_key=Cast("pk", models.CharField()),
        place=newest,
        no_title=_text(),
        no_path=_text(),
        no_url=_text(),
        no_live=Value(False),
        no_expired=Value(False),
        no_end=Cast(Value(None), models.DateTimeField()),  # PostgreSQL takes it for a text
    )
    return own.filter(place__lte=MOST).values_list(
        "text_key", "place", "name", "no_title", "no_path", "no_url", "no_live", "no_expired",
        "no_end",
    )  # fmt: skip


def _text() -> Value:
    return Value("", output_field=models.CharField())
