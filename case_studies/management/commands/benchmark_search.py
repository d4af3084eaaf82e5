"""manage.py benchmark_search: times search beside Wagtail's own, on the same data."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from case_studies.benchmark import baseline, corpus, measuring, pages
from case_studies.benchmark.questions import RARE, questions
from case_studies.benchmark.sandbox import sandbox
from case_studies.models import CaseStudyPage
from search import sync

TIMES_FASTER = 60
MOST_MILLISECONDS = 100
MOST_QUERIES = 12
MOST_SECONDS_OF_REBUILD = 30
MOST_SECONDS_OF_EDIT = 1
MOST_MEGABYTES = 300


class Command(BaseCommand):
    """Make a library of its own, ask both searches, and compare answers before times."""

    help = "Time search beside Wagtail's own, on a temporary database; the real one is not touched."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--documents", type=int, default=20_000, help="How many case studies.")
        parser.add_argument("--requests-in", type=Path, help=argparse.SUPPRESS)

    def handle(self, *args: Any, documents: int, requests_in: Path | None, **options: Any) -> None:
        """Run it all; fails where answers differ, and says where a limit is not kept."""
        self._missed: list[str] = []
        if requests_in:
            self._requests(requests_in)
            return
        with TemporaryDirectory(prefix="benchmark-") as folder, sandbox(Path(folder)):
            words = self._prepare(documents)
            self._rebuild()
            self._compare(words)
            self._edit()
            self._requests_of_a_fresh_process(Path(folder))
        if self._missed:
            raise CommandError(f"Limits not kept: {', '.join(self._missed)}.")

    def _prepare(self, documents: int) -> corpus.Vocabulary:
        started = time.monotonic()
        call_command("migrate", verbosity=0)
        words = corpus.Vocabulary()
        pages.make(documents, words, self._tell)
        self.stdout.write("  filling Wagtail's own index")
        baseline.index()
        self.stdout.write(f"{documents:,} case studies in {time.monotonic() - started:.0f} s.\n")
        return words

    def _tell(self, made: int) -> None:
        self.stdout.write(f"  {made:,} case studies")
        self.stdout.flush()

    def _rebuild(self) -> None:
        started = time.monotonic()
        sync.rebuild()
        self._line("rebuild", time.monotonic() - started, MOST_SECONDS_OF_REBUILD, "s")

    def _compare(self, words: corpus.Vocabulary) -> None:
        self.stdout.write("kind         found      ours    Wagtail      times  at least")
        for kind, asked in groupby(questions(words), key=lambda question: question.kind):
            try:
                took = measuring.timing(list(asked))
            except measuring.AnswersDiffer as problem:
                raise CommandError(str(problem)) from None
            limit = 0 if kind == RARE else TIMES_FASTER
            self.stdout.write(
                f"{kind:10}{took.found:8,}{took.ours:8.2f}ms{took.theirs:9.1f}ms"
                f"{took.ratio:11.0f}{limit or '-':>10}"
            )
            if took.ratio < limit:
                self._missed.append(f"{kind} {took.ratio:.0f} times")
        self.stdout.write("Totals, first pages and all counts were equal every time.\n")

    def _edit(self) -> None:
        study = CaseStudyPage.objects.order_by("pk")[0]
        took = measuring.seconds_until_found(study, "zzyzx")
        self._line("edit to found", took, MOST_SECONDS_OF_EDIT, "s")

    def _requests_of_a_fresh_process(self, folder: Path) -> None:
        command = [sys.executable, sys.argv[0], "benchmark_search", "--requests-in", str(folder)]
        self.stdout.flush()
        if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own command
            self._missed.append("requests")

    def _requests(self, folder: Path) -> None:
        with sandbox(folder):
            took = measuring.requests(measuring.addresses(questions(corpus.Vocabulary())))
        self._line("whole request", took.milliseconds, MOST_MILLISECONDS, "ms")
        self._line("queries of a request", took.queries, MOST_QUERIES, "")
        self._line("memory of its process", took.megabytes, MOST_MEGABYTES, "MB")
        if self._missed:
            raise CommandError(f"Limits not kept: {', '.join(self._missed)}.")

    def _line(self, label: str, value: float, limit: float, unit: str) -> None:
        shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
        self.stdout.write(f"{label:24}{shown:>10} {unit:3} at most {limit:,} {unit}")
        if value > limit:
            self._missed.append(label)
