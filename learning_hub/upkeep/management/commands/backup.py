"""manage.py backup DIR: copies database and uploads while the site runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learning_hub.upkeep.backing_up import back_up
from learning_hub.upkeep.refusal import Refused


class Command(BaseCommand):
    """Make a backup."""

    help = "Copy the database and every uploaded file into a new folder, while the site runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the folder and the option."""
        parser.add_argument("folder", type=Path, help="A folder that is empty or not there yet.")
        parser.add_argument(
            "--with-keys", action="store_true", help="Copy the private issuer keys too."
        )

    def handle(self, *args: Any, folder: Path, with_keys: bool, **options: Any) -> None:
        """Make it, and say what is in it and what is not."""
        os.umask(0o077)
        try:
            made = back_up(folder, with_keys=with_keys, tell=self._tell)
        except Refused as problem:
            raise CommandError(str(problem)) from None
        size = sum(of.size for of in made.files.values()) / 1_000_000
        self._tell(f"{folder} holds {len(made.files):,} files, {size:,.1f} MB.")
        if made.absent:
            self._tell(f"{len(made.absent):,} files that the database names were not there.")
        if with_keys:
            self._tell("The private issuer keys are in it: keep it where only their owner reads.")
        else:
            self._tell("The private issuer keys are not in it: keep them apart, or --with-keys.")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
