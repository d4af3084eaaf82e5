"""Erases who sent in what was decided on 90 days ago. Run it every day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from case_studies.submissions.deciding import forget_senders


class Command(BaseCommand):
    """Deciding does the same; this is for weeks in which nobody decides."""

    help = "Erase the name, role and address of those whose initiative was decided 90 days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, and say how many there were."""
        count = forget_senders(at=timezone.now())
        self.stdout.write(f"{count} sender{'' if count == 1 else 's'} erased.")
