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
# Who she is takes three more (session, account, roles), what she has kept one.
SIGNED_IN = 4
FEW, MANY = 20, 2_000
TIMED = 7

LISTINGS: dict[str, Callable[[], HubPage]] = {
    "/case-studies/": make_case_study,
    "/case-studies/feed/": make_case_study,
    "/guidance/": make_guidance,
    "/guidance/feed/": make_guidance,
    "/updates/": make_update,
    "/updates/feed/": make_update,
    "/events/": make_event,
    "/events/feed/": make_event,
    "/events/calendar.ics": make_event,
    "/resources/": make_resource,
    "/resources/feed/": make_resource,
    "/regions/": make_case_study,
    "/search/?q=list": make_guidance,
    "/": make_case_study,
}


def measured(client: Client, address: str) -> tuple[int, float]:
    """How many queries the address takes, and the median of its milliseconds in this process."""
    assert client.get(address).status_code == 200  # the first visit reads what is kept
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    taken = []
    for _ in range(TIMED):
        start = time.perf_counter()
        client.get(address)
        taken.append(1000 * (time.perf_counter() - start))
    return len(captured), statistics.median(taken)


@pytest.mark.usefixtures("search_index")
@pytest.mark.parametrize("signed_in", [False, True], ids=["signed out", "signed in"])
@pytest.mark.parametrize("address", LISTINGS)
def test_a_listing_costs_the_same_at_two_thousand_items(
    client: Client, address: str, signed_in: bool
) -> None:
    if signed_in:
        sign_in(client)
    page = LISTINGS[address]()
    make_many(page, FEW - 1)
    call_command("rebuild_search", verbosity=0)
    few, few_ms = measured(client, address)
    last = type(page).objects.order_by("path").last()
    make_many(last, MANY - FEW)
    call_command("rebuild_search", verbosity=0)
    many, many_ms = measured(client, address)
    print(f"{address}: {few} and {many} queries, {few_ms:.1f} and {many_ms:.1f} ms")
    assert few == many <= MOST_QUERIES + signed_in * SIGNED_IN


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
