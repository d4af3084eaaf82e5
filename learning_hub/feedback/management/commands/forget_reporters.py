"""Erases the addresses of people whose report was dealt with 90 days ago. Run it every day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from learning_hub.feedback.handling import forget_reporters


class Command(BaseCommand):
    """Settling a report does the same; this is for weeks in which nobody settles one."""

    help = "Erase the addresses of people whose problem report was dealt with 90 days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, and say how many there were."""
        count = forget_reporters(at=timezone.now())
        self.stdout.write(f"{count} address{'' if count == 1 else 'es'} erased.")
