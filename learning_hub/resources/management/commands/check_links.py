"""Asks the outside addresses that live pages link to, and names the dead ones."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from learning_hub.resources.link_checking.asking import Asker
from learning_hub.resources.link_checking.checking import Checker
from learning_hub.resources.link_checking.collecting import collect, remember
from learning_hub.resources.link_checking.links import CheckedLink, Verdict

STEP = 20  # of those that work, one in so many is named, to show that the run goes on


class Command(BaseCommand):
    """Made to run once a day. Stopped in the middle and run again, it goes on."""

    help = "Ask every outside address that live pages link to; exit 1 where links are dead."

    def add_arguments(self, parser: CommandParser) -> None:
        """Two options."""
        parser.add_argument(
            "--again", action="store_true", help="Ask those as well that were asked lately."
        )
        parser.add_argument(
            "--allow-private",
            action="store_true",
            help="Ask addresses of this machine and its network too. For tests only.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect, ask, name. Raises CommandError where links are dead."""
        places = collect()
        remember(places)
        self.stdout.write(f"{len(places)} outside addresses in live pages.")
        asker = Asker(allow_private=options["allow_private"])
        checker = Checker(clock=timezone.now, asker=asker)
        due = checker.due(again=options["again"])
        if lately := len(places) - len(due):
            self.stdout.write(f"{lately} were asked lately and are not asked again.")
        for number, link in enumerate(checker.check(due), start=1):
            if link.verdict != Verdict.WORKS or number % STEP == 0 or number == len(due):
                self.stdout.write(f"[{number}/{len(due)}] {link.address}: {link.status}")
        self._name_the_dead()

    def _name_the_dead(self) -> None:
        dead = CheckedLink.objects.dead().order_by("address").prefetch_related("places__page")
        for link in dead:
            self.stdout.write(f"Dead: {link.address} ({link.status})")
            for place in link.places.all():
                self.stdout.write(f"  in “{place.page.title}” {place.page.url_path}")
        if dead:
            noun = "link is" if len(dead) == 1 else "links are"
            raise CommandError(f"{len(dead)} {noun} dead.")
        self.stdout.write("No link is dead.")
