"""Exports the published case studies as CSV, XLSX or JSON."""

from __future__ import annotations

import io
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from case_studies.exchange.exporting import (
    CannotExport,
    export_studies,
    export_template,
    published_studies,
)

FORMATS = ("csv", "xlsx", "json")


class Command(BaseCommand):
    """The command line of the export."""

    help = "Export the published case studies to FILE, or to the screen where none is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and in which format."""
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
        parser.add_argument(
            "--template", action="store_true", help="An example to start from, not the studies."
        )
        parser.add_argument(
            "--format", choices=FORMATS, help="By default what the file's name ends in, or CSV."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Export. A file is replaced only once the new one is complete."""
        file: Path | None = options["file"]
        ending = file.suffix.lstrip(".").lower() if file else "csv"
        file_format = options["format"] or ending
        if file_format not in FORMATS:
            raise CommandError(f"Name a format: --format {'|'.join(FORMATS)}.")
        try:
            self._export(file, file_format, is_template=options["template"])
        except CannotExport as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(f"The file cannot be written: {problem.strerror}.") from None

    def _export(self, file: Path | None, file_format: str, *, is_template: bool) -> None:
        if file is None:
            buffer = io.BytesIO()
            _write(buffer, file_format, is_template=is_template)
            sys.stdout.buffer.write(buffer.getvalue())
            return
        partial = file.with_name(f"{file.name}.partial")
        try:
            with partial.open("wb") as stream:
                count = _write(stream, file_format, is_template=is_template)
            os.replace(partial, file)
        finally:
            partial.unlink(missing_ok=True)
        self.stdout.write(f"{count:,} case studies written to {file}")


def _write(stream: BinaryIO, file_format: str, *, is_template: bool) -> int:
    if is_template:
        return export_template(stream, file_format)
    return export_studies(published_studies(), stream, file_format)
