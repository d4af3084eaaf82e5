"""The feed of resources: valid Atom, by kind and year, for who may read them, cheap to repeat."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from tests.factories.resources import make_resource, make_resource_index

ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


def read(client: Client, address: str = "") -> ElementTree.Element:
    response = client.get(f"/resources/feed/{address}")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def entries(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]


def test_an_entry_bears_its_own_date_publisher_and_kind(client: Client) -> None:
    make_resource()
    entry = read(client).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}published") == "2022-06-14T00:00:00+01:00"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "General Medical Council"
    assert entry.find(f"{ATOM}category").get("term") == "Link"


def test_the_newest_come_first_and_a_kind_and_a_year_narrow_them(client: Client) -> None:
    make_resource("link", "Of 2021", published_on=dt.date(2021, 9, 3))
    make_resource("toolkit", "Of 2023", published_on=dt.date(2023, 9, 3))
    make_resource("link", "Undated", published_on=None)
    assert entries(read(client)) == ["Of 2023", "Of 2021", "Undated"]
    feed = read(client, "?kind=link&year=2021")
    assert entries(feed) == ["Of 2021"]
    assert feed.findtext(f"{ATOM}title") == "Links of 2021 – Learning Hub"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["alternate"] == "http://testserver/resources/?kind=link&year=2021"


@pytest.mark.parametrize("kind", ["atlas", "%00", "%ed%a0%80", "%ef%bf%be", "x" * 3000])
def test_an_unknown_kind_is_said_in_the_subtitle(client: Client, kind: str) -> None:
    make_resource()
    feed = read(client, f"?kind={kind}")
    assert "There is no kind" in feed.findtext(f"{ATOM}subtitle")
    assert entries(feed) == ["Good practice"]


def test_what_a_visitor_may_not_see_is_not_in_the_feed(client: Client) -> None:
    closed = make_resource(title="Closed")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    make_resource(title="Draft", live=False)
    make_resource(title="Open")
    assert entries(read(client)) == ["Open"]


def test_a_reader_who_has_the_feed_is_told_so(client: Client) -> None:
    page = make_resource()
    tag = client.get("/resources/feed/").headers["ETag"]
    again = client.get("/resources/feed/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    page.title = "More money"
    page.save_revision().publish()
    changed = client.get("/resources/feed/", headers={"if-none-match": tag})
    assert changed.status_code == 200


def test_an_empty_feed_is_valid(client: Client) -> None:
    make_resource_index()
    assert entries(read(client)) == []


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/resources/feed/").status_code == 405


def test_the_queries_of_the_feed_do_not_grow(client: Client) -> None:
    counts = []
    for number in (2, 22):
        for each in range(number):
            make_resource(title=f"Link {number} {each}")
        read(client)
        with CaptureQueriesContext(connection) as queries:
            read(client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
