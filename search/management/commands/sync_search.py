"""manage.py sync_search: brings the search index up to the database, and can prove it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import sync
from search.engines.protocol import IndexUnusable, WriterBusy

_SECONDS_TO_WAIT = 30.0


class Command(BaseCommand):
    """Catch up with the journal; with --repair, compare every document and mend."""

    help = "Bring the search index up to the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Compare every document with the database and mend what differs.",
        )

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        """Catch up, then mend where asked to."""
        try:
            changed = sync.catch_up(timeout=_SECONDS_TO_WAIT)
            self.stdout.write(f"{changed:,} changed pages taken in.")
            if repair:
                self._repair()
        except IndexUnusable as problem:
            raise CommandError(f"{problem} Run: manage.py rebuild_search") from None
        except WriterBusy as problem:
            raise CommandError(str(problem)) from None

    def _repair(self) -> None:
        found = sync.drift()
        sync.repair(found)
        self.stdout.write(f"Mended: {found}.")
