"""Says whether the site can serve visitors, and how each part of it is; no check may hang."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any

from django.conf import settings
from django.db import connections

from learning_hub.operations.private_words import without_personal_data

SECONDS_A_CHECK = 2.0
# Whoever asks often gets what was found a moment ago, so that asking is no burden.
_SECONDS_KEPT = 1.0


@dataclass(frozen=True)
class Finding:
    """How one part is. `sentence` says it in words, `facts` in numbers; neither holds a secret."""

    is_well: bool
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Check = Callable[[], Finding]


@dataclass(frozen=True)
class Report:
    """All findings by name. Visitors can be served while every part in `needed` is well."""

    findings: Mapping[str, Finding]
    needed: frozenset[str]

    @property
    def is_ready(self) -> bool:
        """Whether visitors can be served."""
        return all(found.is_well for name, found in self.findings.items() if name in self.needed)

    def in_short(self) -> dict[str, str]:
        """What anyone may know."""
        if not self.is_ready:
            return {"status": "not ready"}
        is_well = all(found.is_well for found in self.findings.values())
        return {"status": "ready" if is_well else "degraded"}

    def in_detail(self) -> dict[str, Any]:
        """Everything, for those who run the site."""
        checks = {
            name: {
                "well": found.is_well,
                "needed": name in self.needed,
                "said": without_personal_data(found.sentence),
                **found.facts,
            }
            for name, found in self.findings.items()
        }
        return {**self.in_short(), "version": settings.HUB_VERSION, "checks": checks}


_checks: dict[str, Check] = {}
_needed: set[str] = set()
_running: dict[str, _Attempt] = {}
_kept: tuple[float, Report] | None = None
_lock = Lock()


def register_check(name: str, check: Check, *, needed: bool = False) -> None:
    """Have `check` asked. Where it is `needed`, no visitor can be served without it."""
    _checks[name] = check
    if needed:
        _needed.add(name)


def current() -> Report:
    """The report of a moment ago, or a new one: within the time of the slowest check."""
    global _kept
    kept = _kept
    if kept is None or time.monotonic() - kept[0] > _SECONDS_KEPT:
        report = Report(_findings(), frozenset(_needed))
        kept = _kept = (time.monotonic(), report)
    return kept[1]


def forget() -> None:
    """Look at everything anew when next asked."""
    global _kept
    _kept = None


class _Attempt:
    """One check in a thread of its own, which nobody waits for longer than they may."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._found: Finding | None = None
        self._thread = Thread(target=self._run, name="readiness", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._thread.is_alive()

    def found(self, timeout: float) -> Finding:
        """What it found within `timeout` seconds."""
        self._thread.join(max(timeout, 0.0))
        late = Finding(False, f"There was no answer within {SECONDS_A_CHECK:.0f} seconds.")
        return self._found or late

    def _run(self) -> None:
        try:
            self._found = finding_of(self._check)
        finally:
            connections.close_all()


def finding_of(check: Check) -> Finding:
    """What `check` finds; where it fails, that. The kind of an error is told, not its text."""
    try:
        return check()
    except Exception as problem:
        return Finding(False, f"It could not be checked: {type(problem).__name__}.")


def _findings() -> dict[str, Finding]:
    with _lock:
        for name, check in _checks.items():
            running = _running.get(name)
            # One that hangs is not started again, or they would pile up.
            if running is None or not running.is_alive:
                _running[name] = _Attempt(check)
        attempts = {name: _running[name] for name in _checks}
    deadline = time.monotonic() + SECONDS_A_CHECK
    return {name: each.found(deadline - time.monotonic()) for name, each in attempts.items()}
