"""Every listing costs the same at twenty items and at two thousand, and never much."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning_hub.accounts.roles import TRAINEES
from learning_hub.pages.models import HubPage
from tests.factories.accounts import make_person
from tests.factories.bookmarks import keep
from tests.factories.case_studies import make_case_study
from tests.factories.events import make_event
from tests.factories.guidance import make_guidance
from tests.factories.many import make_many
from tests.factories.resources import make_resource
from tests.factories.updates import make_update

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST_QUERIES = 12
# Pages of several rooms, which list no more than they have places for, and what they may take of
# somebody signed in: who she is takes three queries (session, account, roles).
LANDINGS = {"/": 13, "/regions/": 13}
FEW, MANY = 20, 2_000
TIMED = 5

# What fills the listings, and their addresses.
LISTINGS: dict[Callable[[], HubPage], tuple[str, ...]] = {
    make_case_study: ("/case-studies/", "/case-studies/feed/", "/regions/", "/"),
    make_guidance: ("/guidance/", "/guidance/feed/", "/search/?q=list"),
    make_update: ("/updates/", "/updates/feed/"),
    make_event: ("/events/", "/events/feed/", "/events/calendar.ics"),
    make_resource: ("/resources/", "/resources/feed/"),
}


def measured(client: Client, address: str) -> tuple[int, float]:
    """How many queries the address takes, and the median of its milliseconds in this process."""
    assert client.get(address).status_code == 200  # the first visit reads what is kept
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    queries = len(captured)  # now: the next request empties the log
    assert queries > 0
    taken = []
    for _ in range(TIMED):
        start = time.perf_counter()
        client.get(address)
        taken.append(1000 * (time.perf_counter() - start))
    return queries, statistics.median(taken)


@pytest.mark.usefixtures("search_index")
@pytest.mark.parametrize("make", LISTINGS, ids=lambda make: make.__name__)
def test_a_listing_costs_the_same_at_two_thousand_items(make: Callable[[], HubPage]) -> None:
    stranger, trainee = Client(), Client()
    sign_in(trainee)
    asked = [(who, address) for who in (stranger, trainee) for address in LISTINGS[make]]
    page = make()
    few = fill_and_measure(page, FEW - 1, asked)
    many = fill_and_measure(type(page).objects.order_by("path").last(), MANY - FEW, asked)
    for (who, address), (before, few_ms), (after, many_ms) in zip(asked, few, many, strict=True):
        name = "signed out" if who is stranger else "signed in"
        print(f"{address} {name}: {before}, {after} queries; {few_ms:.1f}, {many_ms:.1f} ms")
        most = LANDINGS.get(address, MOST_QUERIES) if who is trainee else MOST_QUERIES
        assert before == after <= most


def fill_and_measure(
    page: HubPage, number: int, asked: list[tuple[Client, str]]
) -> list[tuple[int, float]]:
    """What each address costs once there are `number` more pages like `page`."""
    make_many(page, number)
    call_command("rebuild_search", verbosity=0)
    return [measured(who, address) for who, address in asked]


def test_my_bookmarks_cost_the_same_at_five_hundred(client: Client) -> None:
    person = sign_in(client)
    page = make_guidance()
    keep(person, page)
    for copy in make_many(page, FEW - 1):
        keep(person, copy)
    few, few_ms = measured(client, "/my/bookmarks/")
    last = type(page).objects.order_by("path").last()
    for copy in make_many(last, 500 - FEW):
        keep(person, copy)
    many, many_ms = measured(client, "/my/bookmarks/")
    print(f"/my/bookmarks/: {few} and {many} queries, {few_ms:.1f} and {many_ms:.1f} ms")
    assert few == many <= MOST_QUERIES


def sign_in(client: Client) -> Any:
    person = make_person("tess@example.org", TRAINEES)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person
