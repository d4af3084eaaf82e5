"""Search: facets, documents and engines; knows no room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The floor of search, under the rooms."""

    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Hear what changes, and bring the index up to it."""
        from search import following, journal, signals, watching

        signals.connect()
        journal.listen(following.after_commit)
        watching.register()
