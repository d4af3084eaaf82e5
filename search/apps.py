"""Search: facets, documents and engines; knows no room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The floor of search, under the rooms."""

    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Load the engine, hear what changes, and bring the index up to it."""
        from search import following, journal, signals, watching
        from search.engines import selection

        selection.load()
        signals.connect()
        journal.listen(following.after_commit)
        watching.register()
