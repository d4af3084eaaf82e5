"""My hub shows what a person kept last, at the cost of one query."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning_hub.accounts.models import User
from tests.factories.bookmarks import NOON, keep, keep_many, make_collection, make_page


def kept(browser: Client) -> str:
    """The HTML of the section."""
    response = browser.get("/my/")
    assert response.status_code == 200
    html = response.content.decode()
    return html.partition('aria-labelledby="kept"')[2].partition("</section>")[0]


def test_without_bookmarks_it_says_how_to_keep_a_page(hers: Client) -> None:
    html = kept(hers)
    assert "Press “Keep this page”" in html
    assert 'href="/my/bookmarks/"' in html
    assert 'href="/my/collections/"' in html
    assert "Latest" not in html


def test_the_latest_five_bookmarks_and_collections_are_there(
    hers: Client, alice: User, bob: User
) -> None:
    for number, bookmark in enumerate(keep_many(alice, 6)):
        at = NOON + dt.timedelta(days=number)
        made = make_collection(alice, f"Collection {number}", bookmark, at=at)
    make_collection(bob, "His", *keep_many(bob, 1))
    html = kept(hers)
    for what in ("Page", "Collection"):
        places = [html.index(f">{what} {number}<") for number in (5, 4, 3, 2, 1)]
        assert places == sorted(places)
        assert f">{what} 0<" not in html
    assert f'href="/my/collections/{made.pk}/"' in html
    assert "His" not in html


def test_a_page_of_today_is_a_link_and_one_that_is_gone_is_not(hers: Client, alice: User) -> None:
    moved, unpublished, deleted = (make_page(t) for t in ("Moved", "Unpublished", "Deleted"))
    for page in (moved, unpublished, deleted):
        keep(alice, page)
    moved.title = "Moved and renamed"
    moved.save()
    unpublished.unpublish()
    deleted.delete()
    html = kept(hers)
    assert f'<a href="{moved.url}">Moved and renamed</a>' in html
    assert html.count("No longer available") == 2
    assert "Unpublished" in html
    assert "Deleted" in html
    assert f'href="{unpublished.url}"' not in html


def test_the_hub_leads_to_bookmarks_collections_and_alerts(hers: Client) -> None:
    html = hers.get("/my/").content.decode()
    for address in ("/my/bookmarks/", "/my/collections/", "/my/alerts/"):
        assert f'href="{address}"' in html


def test_the_section_costs_one_query(hers: Client, alice: User) -> None:
    make_collection(alice, "Lists", *keep_many(alice, 20))
    kept(hers)
    with CaptureQueriesContext(connection) as captured:
        kept(hers)
    assert sum("bookmarks_" in query["sql"] for query in captured.captured_queries) == 1
