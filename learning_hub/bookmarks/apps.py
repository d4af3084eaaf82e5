"""Bookmarks: the pages that a person keeps, in collections that she can share."""

from django.apps import AppConfig


class BookmarksConfig(AppConfig):
    """The room of bookmarks."""

    name = "learning_hub.bookmarks"
    label = "bookmarks"
    verbose_name = "Bookmarks"
