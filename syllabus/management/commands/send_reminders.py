"""manage.py send_reminders: mails what falls due and what expires to those who asked; daily."""

from __future__ import annotations

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from syllabus.planning.reminding import people_to_remind, remind

_EVERY = 100  # people between two lines of progress
_log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Send each person who asked one message at most; safe to run again at any moment."""

    help = "Mail reminders of what falls due and expires to those who asked. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remind one after the other. What fails for one stops nobody else's."""
        people = people_to_remind()
        total, sent, failed = people.count(), 0, 0
        self.stdout.write(f"People who asked for reminders: {total:,}.")
        for number, user in enumerate(people.iterator(chunk_size=_EVERY), start=1):
            try:
                sent += bool(remind(user=user, at=timezone.now()))
            except Exception:  # whatever it is, the next person's reminder can still go
                failed += 1
                _log.exception("The reminder of user %s failed.", user.pk)
            if number % _EVERY == 0:
                self.stdout.write(f"{number:,} of {total:,}")
        self.stdout.write(f"Reminders sent: {sent:,}.")
        if failed:
            raise CommandError(f"Reminders that failed: {failed:,}. The log says why.")
