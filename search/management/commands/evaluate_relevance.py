"""manage.py evaluate_relevance DIR: measures how well search ranks a judged collection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from search.engines.selection import engine_apart
from search.models import JournalPosition
from search.relevance import NotJudged, measure, read
from search.synonyms import thesaurus
from search.thesaurus import EMPTY, Thesaurus


class Command(BaseCommand):
    """Measure relevance with the code that visitors' searches run through."""

    help = "Measure how well search ranks a judged collection in BEIR's layout."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the folder."""
        parser.add_argument(
            "folder", type=Path, help="Holds corpus.jsonl, queries.jsonl and qrels/test.tsv."
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Write a line for each measure."""
        try:
            judged = read(folder)
        except NotJudged as problem:
            raise CommandError(str(problem)) from None
        with engine_apart() as engine:
            measures = measure(judged, engine, self._thesaurus())
        for name, value in measures.items():
            self.stdout.write(f"{name} {value:.3f}")

    def _thesaurus(self) -> Thesaurus:
        """The editors' synonyms; none where there is no database yet."""
        try:
            return thesaurus(JournalPosition.current())
        except DatabaseError:
            return EMPTY
