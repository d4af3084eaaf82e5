"""The feed of events: the newest publication first, with the list's filters."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.events import make_event

ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


def read(client: Client, query: str = "") -> ElementTree.Element:
    response = client.get(f"/events/feed/{query}")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def entries(feed: ElementTree.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_the_newest_publication_comes_first(client: Client) -> None:
    now = timezone.now()
    for days, title in ((2, "Older"), (1, "Newer")):
        published = now - dt.timedelta(days=days)
        make_event(title, first_published_at=published, last_published_at=published)
    assert entries(read(client)) == ["Newer", "Older"]


def test_an_entry_says_when_and_where(client: Client) -> None:
    start = dt.datetime(2099, 7, 12, 14, tzinfo=dt.UTC)
    make_event(starts_at=start, is_cancelled=True, cancellation_reason="Snow.")
    entry = read(client).find(f"{ATOM}entry")
    summary = entry.findtext(f"{ATOM}summary")
    assert summary.startswith(
        "Cancelled. Snow. Sunday 12 July 2099, 3 pm to 5 pm, UK time (BST). Online."
    )
    assert entry.findtext(f"{ATOM}author/{ATOM}name").endswith("(fictional)")


def test_it_takes_the_filters_and_says_what_it_ignored(client: Client) -> None:
    make_event("A", kind="webinar")
    make_event("B", kind="course")
    feed = read(client, "?kind=course&region=atlantis")
    assert entries(feed) == ["B"]
    assert feed.findtext(f"{ATOM}title") == "Events: Course – Learning Hub"
    assert "atlantis" in feed.findtext(f"{ATOM}subtitle")


def test_a_reader_who_has_it_is_told_so(client: Client) -> None:
    make_event()
    tag = client.get("/events/feed/").headers["ETag"]
    again = client.get("/events/feed/", headers={"if-none-match": tag})
    assert again.status_code == 304
