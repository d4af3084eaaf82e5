"""Serving processes are killed at any moment: what a browser was told is there, once."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.durability.ledger import balance
from tests.durability.server import Server
from tests.durability.site import Site
from tests.durability.visitor import Visitor

KILLS, CLIENTS = 200, 8
TRAINEES = 400  # more than can be done in the time
EVERYTHING_EVERY = 20


def work(visitors: list[Visitor], stage: dict[str, Any], enough: threading.Event) -> int:
    """Take one trainee after the other through the module; how many."""
    done = 0
    for visitor in visitors:
        if enough.is_set():
            break
        attempt = visitor.begin(stage["module"], stage["lessons"])
        visitor.answer_all(attempt)
        visitor.submit(attempt)
        done += 1
    return done


def kill_at_random(server: Server, kills: int, enough: threading.Event) -> int:
    """Kill `kills` times; how many of them took the whole server."""
    chance, whole, made = random.Random(), 0, 0
    while made < kills:
        time.sleep(chance.uniform(0.05, 0.6))
        if (made + 1) % EVERYTHING_EVERY == 0:
            server.kill_all()
            whole += 1
            made += 1
        else:
            made += server.kill_a_worker(chance)
    enough.set()
    return whole


def test_killed_processes_lose_and_double_nothing_that_was_acknowledged(site: Site) -> None:
    stage = site.set_stage(TRAINEES)
    server = Server(site)
    server.start()
    began, enough = time.monotonic(), threading.Event()
    visitors = [Visitor(server.port, each["session"]) for each in stage["trainees"]]
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            shares = [visitors[n::CLIENTS] for n in range(CLIENTS)]
            at_work = [clients.submit(work, share, stage, enough) for share in shares]
            try:
                whole = kill_at_random(server, KILLS, enough)
            finally:
                enough.set()
            done = sum(each.result() for each in at_work)
    finally:
        server.stop()
    told = [each for visitor in visitors for each in visitor.acknowledged]
    found = balance(told, site.rows)
    print(
        f"\n{KILLS} kills ({whole} of the whole server), {done} modules completed, "
        f"{found.acknowledged} records acknowledged, "
        f"{sum(each.unanswered for each in visitors)} requests unanswered and sent again, "
        f"{len(found.lost)} lost, {len(found.doubled)} doubled, {time.monotonic() - began:.0f} s"
    )
    assert done >= CLIENTS  # the server did serve in between
    assert (found.lost, found.doubled) == ([], [])
    assert len(list(site.rows("SELECT 1 FROM syllabus_enrolment"))) == done
    assert len(list(site.rows("SELECT 1 FROM syllabus_answer"))) == 4 * done
    assert len(list(site.rows("SELECT 1 FROM syllabus_completion"))) == done
    assert len(list(site.rows("SELECT 1 FROM syllabus_certificate"))) == done
