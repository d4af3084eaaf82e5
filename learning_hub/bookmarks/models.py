"""What a person keeps: pages, the collections she puts them in, the links she shares them by."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

NAME_LENGTH = 100
DESCRIPTION_LENGTH = 1000
NOTE_LENGTH = 500
TITLE_LENGTH = 255
TOKEN_LENGTH = 43  # 256 bits in the letters of web addresses


def folded(name: str) -> str:
    """The name as it is compared: without regard to capitals, widths and double spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    """Questions about bookmarks."""

    def of(self, user_id: int) -> BookmarkQuerySet:
        """One person's, newest first."""
        return self.filter(user_id=user_id).order_by("-saved_at", "-pk")


class Bookmark(models.Model):
    """A page that a person keeps.

    The page is followed wherever it moves. `title` is what it was called when she saved it: all
    that she is told of a page that was deleted (`page` is then empty) or is closed to her.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookmarks"
    )
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="bookmarks"
    )
    title = models.CharField(max_length=TITLE_LENGTH)
    saved_at = models.DateTimeField()

    objects = BookmarkQuerySet.as_manager()

    # Editors see where a page is used; who keeps it is not theirs to see.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "page"], name="bookmark_once_a_person"),
        ]
        indexes = [models.Index(fields=["user", "-saved_at"], name="bookmark_newest_first")]

    def __str__(self) -> str:
        return self.title


class BookmarkCollectionQuerySet(models.QuerySet["BookmarkCollection"]):
    """Questions about collections."""

    def of(self, user_id: int) -> BookmarkCollectionQuerySet:
        """One person's, by name."""
        return self.filter(user_id=user_id).order_by("name_key")

    def with_sizes(self) -> BookmarkCollectionQuerySet:
        """With the number of entries as `size`, and whether a link is open as `is_shared`."""
        open_links = CollectionShare.objects.filter(
            collection=models.OuterRef("pk"), ended_at__isnull=True
        )
        return self.annotate(size=models.Count("entries"), is_shared=models.Exists(open_links))


class BookmarkCollection(models.Model):
    """Bookmarks under a name, in an order, for herself or for those she gives a link.

    `key` comes with the form that makes it: a form sent twice makes one collection.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookmark_collections"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    name_key = models.TextField(editable=False)  # may be many times as long as the name
    description = models.TextField(blank=True, max_length=DESCRIPTION_LENGTH)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()

    objects = BookmarkCollectionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name_key"], name="collection_name_once"),
            models.UniqueConstraint(fields=["user", "key"], name="collection_asked_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name that is compared in step with the one that is shown."""
        self.name_key = folded(self.name)
        super().save(*args, **kwargs)


class CollectionEntry(models.Model):
    """A bookmark in a collection. `position` counts from 1; `note` is for whoever reads it."""

    collection = models.ForeignKey(
        BookmarkCollection, on_delete=models.CASCADE, related_name="entries"
    )
    bookmark = models.ForeignKey(Bookmark, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "bookmark"], name="entry_once_a_collection"
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="entry_position_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.bookmark_id}"


class CollectionShare(models.Model):
    """A private link to a collection; at most one is open at a time.

    The token is kept as it is, so that she can copy the link again. Ended ones stay, so that no
    token ever leads anywhere else.
    """

    collection = models.ForeignKey(
        BookmarkCollection, on_delete=models.CASCADE, related_name="shares"
    )
    token = models.CharField(max_length=TOKEN_LENGTH, unique=True)
    shows_name = models.BooleanField(default=False)
    shared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection"], condition=Q(ended_at__isnull=True), name="one_open_link"
            ),
        ]

    def __str__(self) -> str:
        return f"Link to {self.collection_id}"
