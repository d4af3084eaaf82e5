"""Asks all links that are due, host by host, and keeps each answer as soon as it is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event
from urllib.parse import urlsplit

from learning_hub.resources.link_checking.asking import Answer, Asker
from learning_hub.resources.link_checking.links import FAILURES, CheckedLink

# A run that was stopped goes on where it was: what was asked this recently is not asked again.
ASKED_LATELY = dt.timedelta(hours=12)
HOSTS_AT_A_TIME = 8
AT_A_TIME_PER_HOST = 2
SECONDS_BETWEEN = 1.0

_Outcome = tuple[CheckedLink, Answer | Exception]


@dataclass(frozen=True)
class Checker:
    """One run. `clock` says what time it is; `pause` is in seconds, between requests in a lane."""

    clock: Callable[[], dt.datetime]
    asker: Asker = field(default_factory=Asker)
    pause: float | None = None

    def due(self, *, again: bool = False) -> list[CheckedLink]:
        """The links to ask now; `again` asks those as well that were asked lately. One query."""
        since = self.clock() if again else self.clock() - ASKED_LATELY
        return list(CheckedLink.objects.to_ask(since=since))

    def check(self, due: Iterable[CheckedLink]) -> Iterator[CheckedLink]:
        """Ask the links, and give each back once its answer is kept.

        Whoever stops reading stops the run: no further link is asked.
        """
        lanes = _lanes(due)
        answers: SimpleQueue[_Outcome] = SimpleQueue()
        stop = Event()
        pool = ThreadPoolExecutor(HOSTS_AT_A_TIME * AT_A_TIME_PER_HOST)
        try:
            for lane in lanes:
                pool.submit(self._ask_in_turn, lane, answers, stop)
            for _ in range(sum(map(len, lanes))):
                link, answer = answers.get()
                if isinstance(answer, Exception):
                    raise answer
                yield record_answer(link=link, answer=answer, at=self.clock())
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)

    def _ask_in_turn(
        self, lane: Sequence[CheckedLink], answers: SimpleQueue[_Outcome], stop: Event
    ) -> None:
        pause = SECONDS_BETWEEN if self.pause is None else self.pause
        for number, link in enumerate(lane):
            if stop.wait(pause if number else 0):
                return
            try:
                answers.put((link, self.asker.ask(link.address)))
            except Exception as fault:  # whoever waits for the answer must hear of it
                answers.put((link, fault))
                return


def record_answer(*, link: CheckedLink, answer: Answer, at: dt.datetime) -> CheckedLink:
    """Keep an answer, and since when the link has failed without a success in between."""
    has_failed = answer.verdict in FAILURES
    link.verdict, link.status, link.checked_at = answer.verdict, answer.status, at
    link.times_failed = link.times_failed + 1 if has_failed else 0
    link.failing_since = (link.failing_since or at) if has_failed else None
    link.save()
    return link


def _lanes(links: Iterable[CheckedLink]) -> list[list[CheckedLink]]:
    """The links of each host, shared out among as many lanes as may ask it at a time."""
    hosts: dict[str, list[CheckedLink]] = {}
    for link in links:
        hosts.setdefault(_host(link.address), []).append(link)
    shares = (
        links_of_host[start::AT_A_TIME_PER_HOST]
        for links_of_host in hosts.values()
        for start in range(AT_A_TIME_PER_HOST)
    )
    return [share for share in shares if share]


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
