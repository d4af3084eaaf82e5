"""manage.py sync_search: brings the search index up to the database, and can prove it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import sync
from search.engines import roles
from search.engines.protocol import Engine, EngineUnavailable, IndexUnusable, WriterBusy

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
        """Catch up, then mend where asked to: every index of this machine, whatever others do."""
        problems = [
            f"{engine.name}: {problem}"
            for engine in roles.engines()
            if (problem := self._problem_of(engine, repair))
        ]
        if problems:
            raise CommandError(" ".join(problems))

    def _problem_of(self, engine: Engine, repair: bool) -> str:
        """Bring one index up to the database; return what stood in the way, if anything did."""
        try:
            changed = sync.catch_up(engine, timeout=_SECONDS_TO_WAIT)
            self.stdout.write(f"{engine.name}: {changed:,} changed pages taken in.")
            if repair:
                self._repair(engine)
        except IndexUnusable as problem:
            # A worker makes the stand-in's index; rebuild_search that of the engine that is set.
            command = "run_worker --once" if roles.is_stand_in(engine) else "rebuild_search"
            return f"{problem} Run: manage.py {command}"
        except (EngineUnavailable, WriterBusy) as problem:
            return str(problem)
        return ""

    def _repair(self, engine: Engine) -> None:
        found = sync.drift(engine)
        sync.repair(found, engine)
        self.stdout.write(f"{engine.name}: Mended: {found}.")
