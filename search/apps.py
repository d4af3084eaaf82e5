"""Search: facets, documents and engines; knows no room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The floor of search, under the rooms."""

    name = "search"
    verbose_name = "Search"
