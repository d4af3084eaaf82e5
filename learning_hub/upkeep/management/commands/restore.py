"""manage.py restore DIR: verifies a backup and puts it in the place of the site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learning_hub.upkeep.one_line import one_line
from learning_hub.upkeep.refusal import Refused
from learning_hub.upkeep.restoring import restore
from search import sync
from search.engines import roles


class Command(BaseCommand):
    """Restore a backup."""

    help = "Verify a backup, put it in the place of the site, and make the search index anew."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the folder and the options."""
        parser.add_argument("folder", type=Path, help="What manage.py backup made.")
        parser.add_argument(
            "--replace", action="store_true", help="Replace a site that is in use: it is lost."
        )
        parser.add_argument(
            "--no-rebuild", action="store_true", help="Leave the search index to a later command."
        )

    def handle(
        self, *args: Any, folder: Path, replace: bool, no_rebuild: bool, **options: Any
    ) -> None:
        """Restore, and rebuild the index."""
        os.umask(0o077)
        try:
            restored = restore(folder, replace=replace, tell=self._tell)
        except Refused as problem:
            raise CommandError(str(problem)) from None
        self._tell(f"The site is as it was at {restored.made_at}.")
        if no_rebuild:
            self._tell("The search index is of another state: run manage.py rebuild_search.")
            return
        try:
            made = [sync.rebuild(engine) for engine in roles.engines()]
        except Exception as problem:
            raise CommandError(
                f"The site is restored, its search index is not: {one_line(problem)} "
                "Run: manage.py rebuild_search"
            ) from None
        self._tell(f"The search index holds {made[0]:,} documents.")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
