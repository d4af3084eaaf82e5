"""Gathers what the pages of bookmarks and collections show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst, slugify
from wagtail.models import Page

from learning_hub.accounts.models import User
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection, CollectionEntry
from learning_hub.design_system.pagination import Pagination, pagination
from learning_hub.pages.visibility import audience_of, barriers_of, visitor_of

PAGE_SIZE = 20


@dataclass(frozen=True)
class BookmarkRow:
    """A bookmark in a list. Without an `address` the page is gone, or closed to who asks.

    `title` is then the one that was saved, and there is no `kind`.
    """

    bookmark: Bookmark
    title: str
    address: str
    kind: str


@dataclass(frozen=True)
class EntryRow:
    """A bookmark in a collection, at `place`; the places it can be moved to, or 0."""

    entry: CollectionEntry
    row: BookmarkRow
    place: int = 0
    earlier: int = 0
    later: int = 0


@dataclass(frozen=True)
class KindChoice:
    """One type of page that she has bookmarks of; `value` is its word in the address."""

    value: str
    label: str
    count: int
    content_types: tuple[int, ...] = ()
    address: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class BookmarkList:
    """One page of the list. `is_unknown_kind` where the type that was asked for is not there.

    `query` is what leads to this page again, with its question mark.
    """

    rows: tuple[BookmarkRow, ...]
    kinds: tuple[KindChoice, ...]
    total: int
    pages: Pagination
    query: str
    is_narrowed: bool = False
    is_unknown_kind: bool = False


@dataclass(frozen=True)
class EntryList:
    """One page of a collection, as its owner changes it."""

    rows: tuple[EntryRow, ...]
    total: int
    pages: Pagination


@dataclass(frozen=True)
class SharedEntries:
    """What somebody may see of a collection, and the number of pages that she may not."""

    rows: tuple[EntryRow, ...]
    closed: int


def read_bookmarks(request: HttpRequest, kind: str, page: str) -> BookmarkList:
    """Her bookmarks of a type of page (all for an empty or unknown `kind`), newest first."""
    user, path = cast(User, request.user), reverse("my_bookmarks")
    total, kinds = _kinds(user, path, kind)
    chosen = next((each for each in kinds if each.is_current), None)
    found = Bookmark.objects.of(user.pk).select_related("page")
    if chosen:
        found = found.filter(page__content_type__in=chosen.content_types)
    by_name = CollectionEntry.objects.select_related("collection").order_by("collection__name_key")
    shown = _cut(
        found.prefetch_related(Prefetch("entries", by_name)),
        chosen.count if chosen else total,
        page,
    )
    query = {"type": chosen.value} if chosen else {}
    return BookmarkList(
        rows=tuple(_row(bookmark, request) for bookmark in shown),
        kinds=kinds,
        total=total,
        pages=_pagination(shown, path, query),
        query=f"?{urlencode({**query, 'page': shown.number})}",
        is_narrowed=chosen is not None,
        is_unknown_kind=bool(kind) and chosen is None,
    )


def read_entries(request: HttpRequest, collection: BookmarkCollection, page: str) -> EntryList:
    """A page of her collection in its order."""
    found = collection.entries.select_related("bookmark__page")
    total = collection.entries.count()
    shown = _cut(found, total, page)
    return EntryList(
        rows=tuple(
            EntryRow(
                entry,
                _row(entry.bookmark, request),
                place=place,
                earlier=place - 1,
                later=place + 1 if place < total else 0,
            )
            for place, entry in enumerate(shown, start=shown.start_index() or 1)
        ),
        total=total,
        pages=_pagination(shown, reverse("my_collection", args=[collection.pk]), {}),
    )


def read_shared(request: HttpRequest, collection: BookmarkCollection) -> SharedEntries:
    """All that the visitor may see of a collection; nothing is told of the rest but how many."""
    rows = [
        EntryRow(entry, _row(entry.bookmark, request))
        for entry in collection.entries.select_related("bookmark__page")
    ]
    visible = tuple(each for each in rows if each.row.address)
    return SharedEntries(visible, len(rows) - len(visible))


def read_entry(request: HttpRequest, entry: CollectionEntry) -> EntryRow:
    """One page of a collection; its bookmark and page are read with it."""
    return EntryRow(entry, _row(entry.bookmark, request))


def page_of(place: int) -> int:
    """The page of a list that a place (from 1) is on."""
    return (place - 1) // PAGE_SIZE + 1


def is_open(page: Page | None, request: HttpRequest) -> bool:
    """Whether the visitor may see the page. At most three queries for a whole request."""
    if page is None:
        return False
    return bool(audience_of(page, barriers_of(request)) & set(visitor_of(request).tokens))


def _row(bookmark: Bookmark, request: HttpRequest) -> BookmarkRow:
    page = bookmark.page
    if page is None or not is_open(page, request):
        return BookmarkRow(bookmark, bookmark.title, "", "")
    return BookmarkRow(
        bookmark, page.title, page.get_url(request) or "", _label(page.content_type_id)
    )


def _label(content_type_id: int) -> str:
    """What a type of page is called: “Case study”, “Lesson”, “Information”."""
    # Content types are kept in memory once they have been read.
    name = ContentType.objects.get_for_id(content_type_id).name
    return capfirst(str(name).removesuffix(" page"))


def _labels(content_type_id: int) -> str:
    """What many of them are called: “Case studies”."""
    model = ContentType.objects.get_for_id(content_type_id).model_class() or Page
    return capfirst(str(model._meta.verbose_name_plural))


def _kinds(user: User, path: str, chosen: str) -> tuple[int, tuple[KindChoice, ...]]:
    """How many bookmarks there are, and of which types of page. One query."""
    counts = Bookmark.objects.filter(user=user).values_list("page__content_type")
    total, found = 0, dict[str, tuple[int, list[int]]]()
    for content_type, count in counts.annotate(number=Count("pk")):
        total += count
        if content_type is not None:
            before, types = found.get(_label(content_type), (0, []))
            found[_label(content_type)] = (before + count, [*types, content_type])
    return total, tuple(
        KindChoice(
            value=slugify(label),
            label=_labels(types[0]),
            count=count,
            content_types=tuple(types),
            address=f"{path}?{urlencode({'type': slugify(label)})}",
            is_current=slugify(label) == chosen,
        )
        for label, (count, types) in sorted(found.items())
    )


def _cut(found: QuerySet, total: int, number: str) -> ListPage:
    """The page of that number; the first or the nearest where there is none. No count query."""
    paginator = Paginator(found, PAGE_SIZE)
    paginator.count = total
    return paginator.get_page(number)


def _pagination(shown: ListPage, path: str, query: dict[str, str]) -> Pagination:
    return pagination(
        page=shown.number,
        pages=shown.paginator.num_pages,
        address=lambda number: f"{path}?{urlencode({**query, 'page': number})}",
    )


def collections_of(user: User) -> Iterable[BookmarkCollection]:
    """Her collections with their sizes, by name. One query."""
    return BookmarkCollection.objects.of(user.pk).with_sizes()
