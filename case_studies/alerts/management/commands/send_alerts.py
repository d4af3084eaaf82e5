"""manage.py send_alerts: mails new case studies to those who asked for them; run it hourly."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from case_studies.alerts.preparing import prepare
from case_studies.alerts.run_lock import only_one
from case_studies.alerts.sending import Tally, send_prepared
from case_studies.alerts.subscribing import tidy_up
from search.engines.protocol import IndexUnusable

_EVERY = 500  # digests between two lines of progress


class Command(BaseCommand):
    """Prepare digests, then send them; safe to kill and to run again at any moment."""

    requires_system_checks: list[str] = []  # deploying checks; a run every hour need not
    help = "Mail new case studies to those who asked for them. Run it every hour."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one run, unless another is at it."""
        with only_one() as is_ours, _until_asked_to_stop() as goes_on:
            if is_ours:
                self._run(goes_on)
            else:
                self.stdout.write("Another run is sending alerts. This one has nothing to do.")

    def _run(self, goes_on: Callable[[], bool]) -> None:
        """Prepare and send. What is prepared goes out even where search cannot answer."""
        at, problem = timezone.now(), ""
        self.stdout.write(f"Alerts that nobody confirmed, forgotten: {tidy_up(at=at):,}.")
        try:
            self.stdout.write(f"Digests prepared: {prepare(at=at):,}.")
        except IndexUnusable as unusable:
            problem = f"Search cannot answer, so no digests were prepared: {unusable}"
        tally = Tally()
        for tally in send_prepared(clock=timezone.now, goes_on=goes_on):
            if tally.seen % _EVERY == 0 and tally.seen:
                self.stdout.write(f"{tally.seen:,} done")
        self.stdout.write(
            f"Digests sent: {tally.sent:,}. Refused for good: {tally.refused:,}. "
            f"Left for the next run: {tally.postponed:,}. "
            f"Nothing left to tell: {tally.withdrawn:,}."
        )
        if not goes_on():
            self.stdout.write("Stopped when asked to. The next run goes on from here.")
        if tally.trouble:
            problem = f"The mail server cannot be spoken to: {tally.trouble}"
        if problem:
            raise CommandError(problem)


@contextmanager
def _until_asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Note that someone wants the command to stop, and let it finish its message."""
    asked: list[int] = []
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda got, frame: asked.append(got)) for number in numbers]
    try:
        yield lambda: not asked
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
