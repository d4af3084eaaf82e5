"""The feed of letters: valid Atom, by year, for whoever may read them, and cheap to ask again."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from tests.factories.updates import make_update, make_update_index

ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


def read(client: Client, address: str = "") -> ElementTree.Element:
    response = client.get(f"/updates/feed/{address}")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def entries(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]


def test_an_entry_bears_the_letters_date_and_author(client: Client) -> None:
    make_update()
    entry = read(client).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Money for recovery"
    assert entry.findtext(f"{ATOM}published") == "2021-09-03T00:00:00+01:00"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == (
        "Alice Adams, Postgraduate dean (fictional)"
    )
    assert entry.findtext(f"{ATOM}summary") == "What the money is for."


def test_the_newest_letters_come_first_and_a_year_narrows_them(client: Client) -> None:
    make_update("Of 2021", dated_on=dt.date(2021, 9, 3))
    make_update("Of 2023", dated_on=dt.date(2023, 9, 3))
    assert entries(read(client)) == ["Of 2023", "Of 2021"]
    feed = read(client, "?year=2021")
    assert entries(feed) == ["Of 2021"]
    assert feed.findtext(f"{ATOM}title") == "Updates of 2021 – Learning Hub"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["alternate"] == "http://testserver/updates/?year=2021"


@pytest.mark.parametrize("year", ["1999", "x", "%00", "%ed%a0%80", "%ef%bf%be", "9" * 3000])
def test_an_unknown_year_is_said_in_the_subtitle(client: Client, year: str) -> None:
    make_update()
    feed = read(client, f"?year={year}")
    assert "There is no year" in feed.findtext(f"{ATOM}subtitle")
    assert entries(feed) == ["Money for recovery"]


def test_what_a_visitor_may_not_see_is_not_in_the_feed(client: Client) -> None:
    closed = make_update("Closed")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    make_update("Draft", live=False)
    make_update("Open")
    assert entries(read(client)) == ["Open"]


def test_a_reader_who_has_the_feed_is_told_so(client: Client) -> None:
    letter = make_update()
    tag = client.get("/updates/feed/").headers["ETag"]
    again = client.get("/updates/feed/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    letter.title = "More money"
    letter.save_revision().publish()
    changed = client.get("/updates/feed/", headers={"if-none-match": tag})
    assert changed.status_code == 200


def test_an_empty_feed_is_valid(client: Client) -> None:
    make_update_index()
    assert entries(read(client)) == []


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/updates/feed/").status_code == 405


def test_the_queries_of_the_feed_do_not_grow(client: Client) -> None:
    counts = []
    for number in (2, 22):
        for each in range(number):
            make_update(f"Letter {number} {each}")
        read(client)
        with CaptureQueriesContext(connection) as queries:
            read(client)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
