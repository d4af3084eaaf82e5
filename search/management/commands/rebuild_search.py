"""manage.py rebuild_search: makes the search index anew while the old one answers."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import sync
from search.engines.protocol import EngineUnavailable, IndexUnusable, WriterBusy


class Command(BaseCommand):
    """Rebuild the search index."""

    help = "Make the search index anew from the database. Visitors go on searching meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, telling how far it is."""
        started = time.monotonic()
        try:
            made = sync.rebuild(progress=self._tell)
        except (EngineUnavailable, IndexUnusable, WriterBusy) as problem:
            raise CommandError(str(problem)) from None
        seconds = time.monotonic() - started
        self.stdout.write(f"The search index holds {made:,} documents, made in {seconds:.1f} s.")

    def _tell(self, read: int, pages: int) -> None:
        self.stdout.write(f"  {read:,} of {pages:,} pages ({read * 100 // pages} %)")
        self.stdout.flush()
