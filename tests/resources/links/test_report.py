"""The report of dead links: for those who edit pages, of the pages that they may edit."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning_hub.resources.link_checking.links import CheckedLink, LinkPlace, Verdict
from learning_hub.resources.models import ResourcePage
from tests.factories.accounts import make_person
from tests.factories.resources import make_resource

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
ADDRESS = "/admin/reports/dead-links/"


def make_dead(page: ResourcePage, address: str, verdict: str = Verdict.GONE) -> None:
    link = CheckedLink.objects.create(
        address=address,
        verdict=verdict,
        status="The page is not there any more (404).",
        checked_at=NOON,
        failing_since=NOON,
        times_failed=1,
    )
    LinkPlace.objects.create(link=link, page=page)


def sign_in(client: Client, role: str) -> None:
    person = make_person(f"{role}@example.org".lower(), role)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")


@pytest.mark.parametrize("role", ["Editors", "Moderators", "Administrators"])
def test_editors_see_dead_links_with_the_page_to_edit(client: Client, role: str) -> None:
    page = make_resource()
    make_dead(page, "https://a.example.org/gone")
    make_dead(page, "https://a.example.org/once", Verdict.FAILS)
    sign_in(client, role)
    response = client.get(ADDRESS)
    assert response.status_code == 200
    html = response.content.decode()
    assert "https://a.example.org/gone" in html
    assert "https://a.example.org/once" not in html
    assert f"/admin/pages/{page.pk}/edit/" in html
    assert '"url": "/admin/reports/dead-links/"' in html  # in the menu


def test_trainees_do_not_see_the_report(client: Client) -> None:
    sign_in(client, "Trainees")
    assert client.get(ADDRESS).status_code in (302, 403)


def test_an_empty_report_says_so(client: Client) -> None:
    sign_in(client, "Editors")
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert "No link is dead" in response.content.decode()


def test_the_report_is_a_spreadsheet_too(client: Client) -> None:
    make_dead(make_resource(), "https://a.example.org/gone")
    sign_in(client, "Editors")
    response = client.get(f"{ADDRESS}?export=csv")
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode()
    assert "Good practice,https://a.example.org/gone" in content


def test_the_queries_of_the_report_do_not_grow(client: Client) -> None:
    page = make_resource()
    sign_in(client, "Editors")
    counts = []
    for number in (2, 20):
        for each in range(number):
            make_dead(page, f"https://a.example.org/{number}/{each}")
        assert client.get(ADDRESS).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
