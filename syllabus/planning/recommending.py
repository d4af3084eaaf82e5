"""Recommends what to begin next, by a rule that can be told in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from syllabus.models import Level, ModulePage
from syllabus.standing import Standing, Status, unmet

MOST = 3


@dataclass(frozen=True)
class Recommendation:
    """A module to begin, and why this one."""

    where: Standing
    reason: str


def recommended(
    found: Mapping[UUID, Standing], complete: set[UUID], leave_out: Iterable[UUID] = ()
) -> list[Recommendation]:
    """At most three modules to begin, the lowest level first, then in the editors' order.

    The rule: modules with lessons, never begun, whose prerequisites are met. A module that
    another takes instead of the one it asks for (the version for boards, say) is not for
    everyone, so it is never recommended; nor is the one that it stands in for, once it is done.
    `found` are the standings of modules read with `prerequisites`; no queries.
    """
    pairs = _stand_ins(where.module for where in found.values())
    skipped = set(leave_out) | {instead for _, instead in pairs}
    skipped |= {module for module, instead in pairs if instead in complete}
    wanted = [
        where for key, where in found.items() if key not in skipped and _can_begin(where, complete)
    ]
    levels = list(Level)
    wanted.sort(key=lambda where: (levels.index(Level(where.module.level)), where.module.path))
    return [Recommendation(where, _reason(where.module)) for where in wanted[:MOST]]


def _can_begin(where: Standing, complete: set[UUID]) -> bool:
    is_new = where.status == Status.NOT_STARTED and bool(where.lessons)
    return is_new and not unmet(where.module.prerequisites.all(), complete)


def _stand_ins(modules: Iterable[ModulePage]) -> set[tuple[UUID, UUID]]:
    """The keys of each module that is asked for and of the one that does instead."""
    return {
        (row.module.translation_key, row.or_instead.translation_key)
        for module in modules
        for row in module.prerequisites.all()
        if row.or_instead
    }


def _reason(module: ModulePage) -> str:
    if before := [str(row) for row in module.prerequisites.all()]:
        return f"Because it comes after {' and '.join(before)}, which you have completed."
    if module.level == Level.ONE:
        return "Because level 1 is for everyone."
    return "Because you can begin it without completing another module first."
