"""After a thousand changes with faults between them, every index equals the database."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from django.test import Client
from wagtail.models import Page

from learning_hub.pages.visibility import ANYONE, visible_to
from search import sync
from search.engines import roles
from search.engines.protocol import EngineUnavailable, IndexUnusable, WriterBusy
from tests.outages.changes import Editors
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import FAULTS, NONE

CHANGES = 1_000
A_FAULT_EVERY, A_FAULT_LASTS = 25, 8  # changes
THE_SERVER_IS_WAITED_FOR_EVERY = 5  # changes, while it has no fault
WITHIN = 60  # seconds


class Visitor:
    """Someone not signed in, who looks at everything that search shows.

    `answered` is how often each engine answered.
    """

    def __init__(self, client: Client) -> None:
        self.answered: Counter[str] = Counter()
        self._client = client

    def look(self, after: str) -> str:
        """Make sure that nothing forbidden shows, nor is counted; return which engine answered."""
        ids, total, engine = self._shown()
        self.answered[engine] += 1
        free = allowed()
        assert not ids - free, f"{after}, answered by {engine}"
        assert total <= len(free), f"{after}, answered by {engine}: the total tells of more"
        return engine

    def look_until_the_server_answers(self, after: str) -> None:
        """Right after a change or a fault this machine's own index answers instead."""
        began = time.monotonic()
        while self.look(after) != "elasticsearch":
            assert time.monotonic() < began + WITHIN, f"{after}: the server is not asked again"
            time.sleep(0.2)

    def _shown(self) -> tuple[set[int], int, str]:
        """The ids of everything found, how many there are said to be, and who says so."""
        ids: set[int] = set()
        page = 1
        while True:
            response = self._client.get("/search/", {"page": page, "sort": "title"})
            assert response.status_code == 200
            ids |= {found.page.pk for found in response.context["found"]}
            results = response.context["listing"].results
            if page >= results.pages:
                return ids, results.total, results.engine
            page += 1


def allowed() -> set[int]:
    """The ids of all pages that anyone may find, as the database has them."""
    return set(Page.objects.filter(visible_to(ANYONE)).values_list("pk", flat=True))


def seconds_until_current() -> float:
    """How long it takes until every index of this machine has come as far as the journal."""
    began = time.monotonic()
    while time.monotonic() < began + WITHIN:
        try:
            for engine in roles.engines():
                sync.catch_up(engine, timeout=5)
            if all(sync.lag(engine) == 0 for engine in roles.engines()):
                break
        except (EngineUnavailable, IndexUnusable, WriterBusy):
            time.sleep(0.2)
    return time.monotonic() - began


@pytest.mark.django_db(transaction=True)
def test_a_thousand_changes_with_faults_between_leave_no_drift(
    database_for_threads: None, client: Client, faulty_site: FaultProxy
) -> None:
    dice, editors, visitor = random.Random(6), Editors(seed=6), Visitor(client)
    sync.rebuild()
    faults: Counter[str] = Counter()
    for number in range(CHANGES):
        if number % A_FAULT_EVERY == 0:
            faulty_site.fault = dice.choice(FAULTS)
            faults[faulty_site.fault.name] += 1
        elif number % A_FAULT_EVERY == A_FAULT_LASTS:
            faulty_site.fault = NONE
        change = f"change {number} ({editors.change_something()})"
        visitor.look(change)
        if faulty_site.fault is NONE and number % THE_SERVER_IS_WAITED_FOR_EVERY == 0:
            visitor.look_until_the_server_answers(change)
    faulty_site.fault = NONE
    took = seconds_until_current()
    drifts = {engine.name: sync.drift(engine) for engine in roles.engines()}
    print(
        f"\n{CHANGES} changes {dict(editors.done)}, faults {dict(faults)}, "
        f"looks answered by {dict(visitor.answered)}, current {took:.1f} s after the last, "
        f"{', '.join(f'{name}: {found}' for name, found in drifts.items())}"
    )
    assert took < WITHIN
    assert not any(drifts.values()), drifts
    assert min(editors.done.values()) > CHANGES / 20
    assert len(visitor.answered) == 2
    assert min(visitor.answered.values()) > CHANGES / 20  # both engines were asked
