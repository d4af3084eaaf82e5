"""manage.py search_status: says how search is, in words; --check fails where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import registry, sync
from search.engines.protocol import Engine, IndexUnusable
from search.engines.selection import current_engine
from search.models import JournalPosition, SearchChange


class Command(BaseCommand):
    """Tell the state of the search index."""

    help = "Tell the state of the search index; with --check, fail where it differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="Compare every document with the database; exit with 1 where one differs.",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Write a line for each fact."""
        engine = current_engine()
        try:
            for label, fact in self._facts(engine):
                self.stdout.write(f"{label + ':':26}{fact}")
            found = sync.drift(engine) if check else None
        except IndexUnusable as problem:
            raise CommandError(f"{problem} Run: manage.py rebuild_search") from None
        if found:
            raise CommandError(f"The index differs: {found}. Run: manage.py sync_search --repair")
        if check:
            self.stdout.write("The index equals the database.")

    def _facts(self, engine: Engine) -> Iterator[tuple[str, str]]:
        yield "Engine", engine.name
        state, position = engine.state(), JournalPosition.current()
        yield "Documents in the index", f"{len(engine.digests()):,}"
        yield "Pages in the database", f"{registry.number_of_pages():,}"
        yield "Last change in the index", f"{state.sequence:,}"
        yield "Last change in the journal", f"{position.number:,}"
        behind = SearchChange.objects.after(state.sequence).count()
        yield "Changes to take in", f"{behind:,}"
        belongs = state.history == str(position.history)
        yield "Belongs to this database", "yes" if belongs else "no: run manage.py rebuild_search"
        for label, fact in engine.whereabouts().items():
            yield label.capitalize(), fact
