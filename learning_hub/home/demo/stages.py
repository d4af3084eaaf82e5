"""Remembers which stages of the demo were built, so that none is built over somebody's edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from learning_hub.home.models import HomePage

ACTION = "hub.demo"

# Says one line to whoever is waiting.
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    """One step: `key` for ever names it in the history, `build` does it and says what it made."""

    key: str
    title: str
    build: Callable[[], str]


class StageFailed(Exception):
    """A stage could not be built, and nothing of it was kept. `stage` says which one."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        super().__init__(f"“{stage.title}” failed, and nothing of it was kept.")


def built() -> set[str]:
    """The keys of the stages that stand, by the home page's history. One query."""
    entries = PageLogEntry.objects.filter(action=ACTION).values_list("data", flat=True)
    return {data["stage"] for data in entries}


def build_missing(stages: list[Stage], tell: Tell) -> int:
    """Build the stages that do not stand yet, each in a transaction; return how many those were.

    What stands is left alone, whatever became of it since. Raises StageFailed; the stages before
    it stay, so that the next run goes on where this one stopped.
    """
    standing = built()
    missing = [stage for stage in stages if stage.key not in standing]
    for number, stage in enumerate(missing, start=1):
        try:
            made = _build(stage)
        except Exception as problem:
            raise StageFailed(stage) from problem
        tell(f"[{number}/{len(missing)}] {stage.title}: {made}")
    return len(missing)


@transaction.atomic
def _build(stage: Stage) -> str:
    made = stage.build()
    log(instance=HomePage.objects.get(), action=ACTION, data={"stage": stage.key})
    return made
