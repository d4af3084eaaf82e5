"""manage.py benchmark_scale: how search grows with the number of documents, engine by engine."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test.utils import override_settings

from case_studies.benchmark.corpus import Vocabulary
from case_studies.benchmark.measuring import megabytes
from case_studies.benchmark.questions import many_questions
from case_studies.benchmark.sandbox import sandbox
from case_studies.benchmark.scaling import ROUNDS, Times, ask, fill
from search import registry
from search.engines.elasticsearch.bare import bare
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.protocol import Engine
from search.engines.selection import engine_apart

EMBEDDED, ELASTICSEARCH = "embedded", "elasticsearch"
# Against its own times at `BASE` documents, in the same run.
BASE = 20_000
MOST_TIMES_THE_BASE = 4
LARGEST_EMBEDDED = 200_000
MOST_TIMES_BARE = 1.5
MOST_SECONDS_OF_EDIT = 1
# The order of results, and how many questions' words were used by those before it.
_SORTS = {"newest": 0, "relevance": 10}


class Command(BaseCommand):
    """Fill engines with made-up documents at each size, and time what is asked of them."""

    help = "Time search at growing numbers of documents, in indices of their own."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--documents", type=_numbers, default=[2_000, BASE, LARGEST_EMBEDDED])
        parser.add_argument("--engine", choices=[EMBEDDED, ELASTICSEARCH, "both"], default=EMBEDDED)
        parser.add_argument("--rounds", type=_positive, default=ROUNDS, metavar="TIMES")
        parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)

    def handle(
        self,
        *args: Any,
        documents: list[int],
        engine: str,
        rounds: int,
        memory_of: Path | None,
        **options: Any,
    ) -> None:
        """Run it all; fails where a limit is not kept."""
        self._missed: list[str] = []
        self._rounds = rounds
        self._base: dict[tuple[str, str], Times] = {}
        with TemporaryDirectory(prefix="benchmark-") as folder, sandbox(Path(folder)):
            call_command("migrate", verbosity=0)
            if memory_of:
                self._memory(memory_of)
                return
            words = Vocabulary()
            for name in (EMBEDDED, ELASTICSEARCH) if engine == "both" else (engine,):
                self._base = {}
                for number in documents:
                    if name == ELASTICSEARCH or number <= LARGEST_EMBEDDED:
                        self._measure(name, number, words)
        if self._missed:
            raise CommandError(f"Limits not kept: {'; '.join(self._missed)}.")

    def _measure(self, name: str, number: int, words: Vocabulary) -> None:
        self._say(f"\n{name}, {number:,} documents")
        with override_settings(HUB_SEARCH_ENGINE=name), engine_apart() as engine:
            filled = fill(engine, number, words, self._say)
            self._say(
                f"filled in {filled.seconds:,.0f} s ({number / filled.seconds:,.0f} documents a "
                f"second), {filled.size}; an edit is found after {filled.edit_seconds:.2f} s"
            )
            if filled.edit_seconds > MOST_SECONDS_OF_EDIT:
                self._missed.append(f"edit at {number:,} {filled.edit_seconds:.2f} s")
            self._say(f"{'kind':26}{'found':>9}{'cold':>10}{'warm':>9}{'95 %':>9}  limits")
            alone = bare(engine) if name == ELASTICSEARCH else nullcontext()
            with alone as sent_bare:
                for sort, first in _SORTS.items():
                    asked = many_questions(words, first)
                    for times in ask(engine, asked, sort, self._rounds, sent_bare):
                        self._show(name, number, sort, times)
            if name == EMBEDDED:
                self._memory_of_a_fresh_process(engine)

    def _show(self, name: str, number: int, sort: str, times: Times) -> None:
        label = f"{times.kind}, {'newest' if sort == 'newest' else 'best match'}"
        limits = list(self._limits(name, number, label, times))
        self._say(
            f"{label:26}{times.found:9,}{times.cold:8.2f}ms{times.warm:7.2f}ms"
            f"{times.most:7.2f}ms  {'; '.join(limits)}"
        )

    def _limits(self, name: str, number: int, label: str, times: Times) -> Iterable[str]:
        """What these times are held to, noting what is missed."""
        if number == BASE:
            self._base[name, label] = times
        base = self._base.get((name, label))
        if base and number > BASE:
            for state, ratio in (
                ("cold", times.cold / base.cold),
                ("warm", times.warm / base.warm),
            ):
                yield f"{state} {ratio:.1f} times those at {BASE:,}"
                if name == EMBEDDED and ratio > MOST_TIMES_THE_BASE:
                    self._missed.append(f"{label} {state} at {number:,} {ratio:.1f} times")
        if times.bare:
            ratio = times.warm / times.bare
            yield f"{ratio:.2f} times bare ({times.bare:.2f} ms)"
            if ratio > MOST_TIMES_BARE:
                self._missed.append(f"{label} at {number:,} {ratio:.2f} times bare")

    def _memory_of_a_fresh_process(self, engine: Engine) -> None:
        folder = Path(engine.whereabouts()["folder"]).parent
        command = [sys.executable, sys.argv[0], "benchmark_scale", "--memory-of", str(folder)]
        self.stdout.flush()
        subprocess.run(command, check=True)  # noqa: S603 - our own command

    def _memory(self, folder: Path) -> None:
        words, before = Vocabulary(), megabytes()
        engine = EmbeddedEngine(folder, registry.slots())
        for sort, first in _SORTS.items():
            ask(engine, many_questions(words, first), sort, self._rounds)
        self._say(
            f"memory of a process that asks it all {megabytes():,.0f} MB, before {before:,.0f}"
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{number} is too few: ask each question once at least.")
    return number
