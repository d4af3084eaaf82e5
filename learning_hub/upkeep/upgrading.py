"""Brings a site up to the version that is installed, in steps of which each can be repeated."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from learning_hub import database
from learning_hub.upkeep.one_line import one_line
from learning_hub.upkeep.refusal import Refused
from learning_hub.upkeep.single import alone
from search import sync
from search.engines import roles
from search.engines.protocol import Engine, IndexUnusable, WriterBusy
from search.engines.selection import SearchMisconfigured, SearchUnreachable, preflight

Tell = Callable[[str], None]
_SECONDS_FOR_WRITERS = 60.0
_SECONDS_FOR_REBUILD = 3600.0
_EVERY = 1.0


@dataclass(frozen=True)
class Step:
    """One step: what it is called, and the work, which tells how far it is."""

    name: str
    work: Callable[[Tell], None]


def upgrade(tell: Tell) -> None:
    """Take every step, one machine after the other. Raises Refused at the first that fails.

    Nothing that a step did is undone; what it did not do is left as it was, the index that
    answers too. Mend what it says and run the upgrade again.
    """
    steps = (
        Step("Check the settings", _check),
        Step("Look at the database", lambda tell: database.preflight()),
        Step("Look at the search engine", lambda tell: preflight(is_rebuilding=True)),
        Step("Migrate the database", _migrate),
        Step("Prepare styles and scripts", _collect),
        Step("Bring search up to date", bring_search_up_to_date),
    )
    with alone(tell):
        for number, step in enumerate(steps, start=1):
            tell(f"{number}/{len(steps)} {step.name}")
            try:
                step.work(tell)
            except (Exception, SystemExit) as problem:
                raise Refused(f"{step.name}: {one_line(problem)}") from None


def _check(tell: Tell) -> None:
    """Django's checks; those of a deployment where others can reach this site."""
    Path(settings.FRONTEND_BUILD_DIR).mkdir(parents=True, exist_ok=True)
    said = StringIO()
    call_command(
        "check", deploy=settings.HUB_IS_DEPLOYED, fail_level="WARNING", stdout=said, stderr=said
    )
    tell("  nothing to mend")


def _migrate(tell: Tell) -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    for migration, _ in plan:
        tell(f"  to apply: {migration.app_label}.{migration.name}")
    if not plan:
        tell("  nothing to apply")
    # Even so: it puts the guards of the records back where they are missing.
    call_command("migrate", interactive=False, verbosity=0)


def _collect(tell: Tell) -> None:
    """Beside what older versions left: pages that are being read may still ask for it."""
    said = StringIO()
    call_command("build_frontend", stdout=said)
    call_command("collectstatic", interactive=False, verbosity=1, stdout=said)
    tell(f"  {said.getvalue().strip().splitlines()[-1]}")


def bring_search_up_to_date(tell: Tell) -> None:
    """Each index of this machine: the server's, if there is one, then this machine's own.

    Raises SearchUnreachable, EngineUnavailable or WriterBusy where one cannot be.
    """
    for engine in roles.engines():
        if roles.is_stand_in(engine):
            tell("  The stand-in of this machine:")
        _bring_up_to_date(engine, tell)


def _bring_up_to_date(engine: Engine, tell: Tell) -> None:
    """Rebuild where the index is missing, of another form or another database; else catch up."""
    try:
        _require_index(engine)
        taken_in = sync.catch_up(engine, timeout=_SECONDS_FOR_WRITERS)
    except IndexUnusable as problem:
        tell(f"  {problem} It is made anew.")
        tell(f"  {_rebuild(engine, tell):,} documents")
    else:
        tell(f"  the index fits; {taken_in:,} changed pages taken in")


def _require_index(engine: Engine) -> None:
    """Raise IndexUnusable where a rebuild is needed: on a server, others may have changed it."""
    if roles.is_server(engine):
        try:
            preflight()
        except SearchUnreachable:
            raise
        except SearchMisconfigured as problem:
            raise IndexUnusable(
                str(problem).removesuffix(" Run: manage.py rebuild_search")
            ) from None
    sync.lag(engine)


def _rebuild(engine: Engine, tell: Tell) -> int:
    """Rebuild, after whoever does so already: a search that found no index, perhaps."""
    until = time.monotonic() + _SECONDS_FOR_REBUILD
    while True:
        try:
            return sync.rebuild(
                engine, progress=lambda read, pages: tell(f"  {read:,} of {pages:,} pages")
            )
        except WriterBusy:
            if time.monotonic() > until:
                raise
            time.sleep(_EVERY)
