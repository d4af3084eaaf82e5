"""manage.py upgrade: the one command after a new version is installed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning_hub.upkeep.refusal import Refused
from learning_hub.upkeep.upgrading import upgrade


class Command(BaseCommand):
    """Upgrade the site."""

    help = "Check, migrate, collect static files and bring search up to date; may be repeated."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the steps, and say what is left to do."""
        try:
            upgrade(self._tell)
        except Refused as problem:
            raise CommandError(str(problem)) from None
        self._tell("Done. Reload the web server: systemctl reload learning-hub")

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
