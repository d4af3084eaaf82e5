"""manage.py search_status: says how search is, in words; --check fails where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import registry, sync
from search.engines import answering, roles, selection
from search.engines.protocol import Engine, EngineUnavailable, IndexUnusable
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
        problems = [
            problem for engine in roles.engines() if (problem := self._problem_of(engine, check))
        ]
        if roles.has_stand_in():
            self._tell("Visitors are answered by", self._who_answers())
        if problems:
            raise CommandError(" ".join(problems))

    def _problem_of(self, engine: Engine, check: bool) -> str:
        """Write a line for each fact of one index; return what is wrong with it, if anything."""
        try:
            for label, fact in self._facts(engine):
                self._tell(label, fact)
            found = sync.drift(engine) if check else None
        except IndexUnusable as problem:
            command = "run_worker --once" if roles.is_stand_in(engine) else "rebuild_search"
            return f"{problem} Run: manage.py {command}"
        except EngineUnavailable as problem:
            return str(problem)
        if found:
            return f"The index differs: {found}. Run: manage.py sync_search --repair"
        if check:
            self.stdout.write("The index equals the database.")
        return ""

    def _who_answers(self) -> str:
        """Who would answer a visitor now, found as the probe of an open breaker finds it.

        Each process has a breaker of its own; whether one is open stands in /metrics.
        """
        try:
            answering.require_quick(selection.current_engine())
            sync.lag(selection.current_engine())
        except (EngineUnavailable, IndexUnusable) as problem:
            return f"the stand-in; breakers are open ({problem})"
        return "the server; breakers close within seconds"

    def _tell(self, label: str, fact: str) -> None:
        self.stdout.write(f"{label + ':':26}{fact}")

    def _facts(self, engine: Engine) -> Iterator[tuple[str, str]]:
        yield "Engine", engine.name + (" (stand-in)" if roles.is_stand_in(engine) else "")
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
