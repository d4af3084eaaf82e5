"""Imports case studies from a CSV, XLSX or JSON file."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from case_studies.exchange.importing import Options, Report, import_studies
from case_studies.exchange.sheets import UnreadableFile, read_file
from case_studies.models import CaseStudyIndexPage

MAX_SHOWN_PROBLEMS = 200


class Command(BaseCommand):
    """The command line of the import."""

    help = "Import case studies from a CSV, XLSX or JSON file; docs/import-template.md says how."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and how careful to be."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--draft", action="store_true", help="Publish nothing.")
        parser.add_argument("--dry-run", action="store_true", help="Check only, change nothing.")
        parser.add_argument(
            "--keep-good-rows",
            action="store_true",
            help="Import the rows without problems; otherwise one problem stops the whole file.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and report. Raises CommandError, which ends with code 1, for any problem."""
        library = CaseStudyIndexPage.objects.order_by("path").first()
        if library is None:
            raise CommandError("There is no case study library yet. Make its page first.")
        try:
            rows = read_file(options["file"])
        except UnreadableFile as problem:
            raise CommandError(f"{problem} Nothing was changed.") from None
        report = import_studies(
            library=library,
            rows=rows,
            options=Options(
                draft=options["draft"],
                keep_good_rows=options["keep_good_rows"],
                dry_run=options["dry_run"],
            ),
            progress=self._progress,
        )
        self._show_problems(report)
        self.stdout.write(_summary(report, dry_run=options["dry_run"]))
        if report.problems:
            raise CommandError(_refusal(report))

    _told_at = 0.0

    def _progress(self, stage: str, done: int, total: int) -> None:
        """A line at most every second, and one at the end."""
        now = time.monotonic()
        if done == total or now - self._told_at >= 1:
            self._told_at = now
            self.stdout.write(f"{stage} {done:,} of {total:,} rows")

    def _show_problems(self, report: Report) -> None:
        for problem in report.problems[:MAX_SHOWN_PROBLEMS]:
            column = f", {problem.column}" if problem.column else ""
            self.stderr.write(f"Row {problem.row}{column}: {problem.message}")
        if (hidden := len(report.problems) - MAX_SHOWN_PROBLEMS) > 0:
            self.stderr.write(f"… and {hidden:,} more problems.")


def _summary(report: Report, *, dry_run: bool) -> str:
    counts = ", ".join(
        f"{report.outcomes[outcome]:,} {outcome}" for outcome in ("added", "changed", "unchanged")
    )
    bad = len({problem.row for problem in report.problems})
    would = "Would be: " if dry_run or not report.imported else ""
    kept = f" {report.kept_offline:,} stay unpublished." if report.kept_offline else ""
    return f"{report.rows:,} rows. {would}{counts}; {bad:,} with problems.{kept}"


def _refusal(report: Report) -> str:
    if report.imported:
        return "The rows with problems were not imported."
    return "Nothing was changed."
