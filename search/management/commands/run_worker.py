"""manage.py run_worker: keeps every index of this machine equal to the database, for ever."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from search.worker import SECONDS_BETWEEN_LOOKS, Worker

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Run the worker until it is asked to end."""

    help = "Keep the search indices of this machine current; ends on SIGTERM or Ctrl+C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="Look at each index once, and end.")
        parser.add_argument(
            "--pause",
            type=float,
            default=SECONDS_BETWEEN_LOOKS,
            help="Seconds between two looks at the journal.",
        )

    def handle(self, *args: Any, once: bool, pause: float, **options: Any) -> None:
        """Say what is done in the log; where the log goes nowhere, to standard output."""
        worker = Worker(pause)
        with self._heard():
            if once:
                worker.look()
                return
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: worker.stop())
            logger.info("The worker follows the journal.")
            worker.run()
            logger.info("The worker has ended.")

    @contextmanager
    def _heard(self) -> Iterator[None]:
        log = logging.getLogger("search")
        if log.isEnabledFor(logging.INFO):
            yield
            return
        level, handler = log.level, logging.StreamHandler(self.stdout)
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        try:
            yield
        finally:
            log.removeHandler(handler)
            log.setLevel(level)
