"""Asks the engine that is set, and this machine's own index while a server cannot answer."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from learning_hub.once import once_a_visit
from learning_hub.operations import visit
from learning_hub.pages.visibility import ANYONE
from search import measures, sync
from search.engines import roles, selection
from search.engines.breaker import CircuitBreaker
from search.engines.budget import SECONDS, Budget, TooSlow, WithinBudget
from search.engines.errand import Errand
from search.engines.protocol import Engine, EngineUnavailable, IndexUnusable, WriterBusy
from search.plan import Plan

logger = logging.getLogger(__name__)
T = TypeVar("T")
_SECONDS_BETWEEN_TRIES = 10.0
_SECONDS_FOR_A_WRITER = 5.0
_REAL_QUESTION = Plan(audience=ANYONE.tokens, size=1)


def ask(work: Callable[[Engine], T], kind: str = "search") -> T:
    """What `work` makes of an engine: the one that is set, or the stand-in.

    `work` may be begun again with the other engine, so it keeps nothing of its first go. `kind`
    is one of few words that say what is asked. Raises IndexUnusable where no engine can answer.
    """
    begun = time.perf_counter()
    engine = selection.current_engine()
    try:
        if roles.is_server(engine):
            engine, answer = _asked_with_care(work, engine)
        else:
            answer = work(engine)
    except IndexUnusable:
        measures.UNANSWERED.labels(kind).inc()
        raise
    measures.SECONDS.labels(engine.name, kind).observe(time.perf_counter() - begun)
    if roles.is_stand_in(engine):
        measures.STAND_IN_ANSWERS.labels(kind).inc()
    visit.note("engine", engine.name)
    return answer


def breaker() -> CircuitBreaker:
    """The breaker before the server that is set, one for this process."""
    return _guard(selection.current_engine()).breaker


def forget() -> None:
    """Give up the guard of the server: the next question begins as in a new process."""
    with _guarding:
        for guard in _guards:
            guard.breaker.give_up()
        _guards.clear()


def follow_soon() -> None:
    """Have the server take in the journal in the background, unless it is known to be down."""
    guard = _guard(selection.current_engine())
    if guard.breaker.lets_through():
        guard.following.start()


def make_stand_in_soon() -> None:
    """Have this machine's own index made in the background, where it is missing."""
    _making.start(again=False)


def require_well(engine: Engine) -> None:
    """Raise where the server cannot be given to visitors: it fails, is slow, or is not ours.

    Takes in what the journal holds, so that visitors find there what they found before.
    """
    require_quick(engine)
    sync.catch_up_wholly(engine, timeout=_SECONDS_FOR_A_WRITER, goes_on=lambda: True)


def require_quick(engine: Engine) -> None:
    """Raise where the server does not answer a real question within a visit's budget."""
    begun = time.perf_counter()
    engine.search(_REAL_QUESTION)
    seconds = time.perf_counter() - begun
    if seconds > SECONDS:
        raise TooSlow(f"One question took {seconds:.2f} seconds.")


def cause_of(problem: Exception) -> str:
    """A fault in one of few words."""
    if isinstance(problem, TooSlow):
        return "slow"
    return "index" if isinstance(problem, IndexUnusable) else "unavailable"


class _Guard:
    """What a process keeps for one server: the breaker, and who follows the journal there."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.breaker = CircuitBreaker(
            lambda: require_well(engine),
            watcher=lambda is_open: measures.BREAKER_OPEN.set(int(is_open)),
        )
        self.following = Errand("Following the journal", self._follow)

    def report(self, problem: Exception, asked_at: int) -> None:
        """Count a fault that a question met, and keep others from meeting it."""
        cause = cause_of(problem)
        measures.FAILURES.labels(self.engine.name, cause).inc()
        self.breaker.open(cause, problem, asked_at=asked_at)

    def _follow(self) -> None:
        asked_at = self.breaker.times_opened
        try:
            sync.catch_up_wholly(
                self.engine, timeout=_SECONDS_FOR_A_WRITER, goes_on=self.breaker.lets_through
            )
        except WriterBusy:
            return  # the worker, or the next change, takes it in
        except (EngineUnavailable, IndexUnusable) as problem:
            self.report(problem, asked_at)


def _asked_with_care(work: Callable[[Engine], T], engine: Engine) -> tuple[Engine, T]:
    """The server's answer within the visit's budget, else the stand-in's; and whose it is."""
    guard = _guard(engine)
    if guard.breaker.lets_through():
        asked_at = guard.breaker.times_opened
        budget = once_a_visit("search budget", Budget)
        try:
            answer = work(WithinBudget(engine, budget))
            if budget.is_spent:
                guard.report(TooSlow("A visit took longer than it may."), asked_at)
            return engine, answer
        except sync.Behind:
            guard.following.start()
        except (EngineUnavailable, IndexUnusable) as problem:
            guard.report(problem, asked_at)
    stand_in = selection.embedded_engine()
    try:
        return stand_in, work(stand_in)
    except IndexUnusable:
        make_stand_in_soon()
        raise


def _make_stand_in() -> None:
    """Make this machine's own index where it is missing or not of this database."""
    engine = selection.embedded_engine()
    try:
        if sync.lag(engine) >= 0:
            return
    except IndexUnusable:
        pass
    try:
        sync.rebuild(engine)
    except WriterBusy:
        return  # another process makes it
    except Exception:
        # Those who ask meanwhile do not try again at once, nor does each of them fill the log.
        logger.exception("The stand-in's index could not be made.")
        time.sleep(_SECONDS_BETWEEN_TRIES)


_making = Errand("Making the stand-in's index", _make_stand_in)
_guards: list[_Guard] = []
_guarding = Lock()


def _after_fork_in_child() -> None:
    global _guarding
    _guarding = Lock()


os.register_at_fork(after_in_child=_after_fork_in_child)


def _guard(engine: Engine) -> _Guard:
    """The guard of `engine`; the one before it is given up where the settings changed."""
    if _guards and _guards[0].engine is engine:
        return _guards[0]
    with _guarding:
        if not _guards or _guards[0].engine is not engine:
            for old in _guards:
                old.breaker.give_up()
            _guards[:] = [_Guard(engine)]
            # Ready before it is needed: a stand-in that is missing is no stand-in.
            make_stand_in_soon()
        return _guards[0]
