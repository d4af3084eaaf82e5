"""Builds the demonstration site, and says who can sign in."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from learning_hub.home.demo import (
    bookmarks,
    case_studies,
    enclosures,
    events,
    feedback,
    guidance,
    information,
    people,
    regions,
    resources,
    syllabus,
    trainees,
    updates,
)
from learning_hub.home.demo.stages import Stage, StageFailed, build_missing
from learning_hub.upkeep.upgrading import bring_search_up_to_date
from search.engines.protocol import EngineUnavailable, WriterBusy
from search.engines.selection import SearchMisconfigured, SearchUnreachable, preflight

LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "testserver"}


def stages() -> list[Stage]:
    """All stages, in the order in which they are built."""
    return [
        people.stage(),
        information.stage(),
        *case_studies.stages(),
        enclosures.stage(),
        regions.stage(),
        guidance.stage(),
        events.stage(),
        syllabus.stage(),
        trainees.stage(),
        bookmarks.stage(),
        feedback.stage(),
        updates.stage(),
        resources.stage(),
    ]


class Command(BaseCommand):
    """A second run builds nothing again: what visitors did to the demo stays."""

    help = (
        "Build the demo content: pages, case studies, the syllabus, and an account for each role."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Build what is missing and print the accounts. Raises CommandError where a stage fails."""
        _refuse_where_others_can_reach()
        started = time.monotonic()
        try:
            count = build_missing(stages(), self.stdout.write)
        except StageFailed as failure:
            raise CommandError(
                f"{failure}\n{failure.__cause__}\nRun it again to go on from there."
            ) from failure
        if not count:
            self.stdout.write("The demo content is there already; nothing was changed.")
        self._bring_search_up_to_date()
        if count:
            self.stdout.write(f"Demo ready in {time.monotonic() - started:.0f} seconds.")
        self._introduce_people()

    def _bring_search_up_to_date(self) -> None:
        """A demo that was started on another engine before has no index on this one yet."""
        self.stdout.write("Bringing search up to date")
        try:
            preflight(is_rebuilding=True)
            bring_search_up_to_date(self.stdout.write)
        except SearchUnreachable as problem:
            self.stdout.write(f"  {problem}\n  This machine's own index answers meanwhile.")
        except (SearchMisconfigured, EngineUnavailable, WriterBusy) as problem:
            raise CommandError(str(problem)) from None

    def _introduce_people(self) -> None:
        self.stdout.write("Sign in as one of:")
        for address in people.addresses():
            self.stdout.write(f"  {address}")
        self.stdout.write(f"Password for all of them: {people.password()}")


def _refuse_where_others_can_reach() -> None:
    """The password is printed, and one account may do everything: not for a site on a network."""
    if reachable := set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS:
        hosts = ", ".join(sorted(reachable))
        raise CommandError(f"The demo is for one machine; this site also answers to {hosts}.")
