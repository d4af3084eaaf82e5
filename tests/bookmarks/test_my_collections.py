"""The pages on which a person makes, orders, describes, shares and deletes her collections."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning_hub.accounts.models import User
from learning_hub.bookmarks import collecting
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection, CollectionShare
from tests.factories.bookmarks import keep, keep_many, make_collection, make_link, make_page, titles

ALL = "/my/collections/"


def read(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def send(browser: Client, address: str, status: int = 302, **fields: object) -> HttpResponse:
    response = browser.post(address, fields)
    assert response.status_code == status
    return response


def test_a_collection_is_started_with_a_name_and_a_description(hers: Client) -> None:
    assert "You have no collection yet." in read(hers, ALL)
    fields = {"name": "  Lists  ", "description": "For Monday.", "key": uuid.uuid4()}
    addresses = {send(hers, ALL, **fields)["Location"] for _ in range(2)}  # sent twice
    html = read(hers, addresses.pop())
    assert not addresses
    for words in ("<h1", "Lists", "For Monday.", "Only you can see it.", "0 pages"):
        assert words in html
    assert "You have no collection yet." not in read(hers, ALL)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Enter a name for the collection."),
        ("   ", "Enter a name for the collection."),
        ("LISTS", "called “Lists” already"),
        ("x" * 101, "Use 100 characters or fewer. You have used 101."),
    ],
)
def test_a_name_that_will_not_do_is_said(hers: Client, alice: User, name: str, words: str) -> None:
    make_collection(alice, "Lists")
    other = make_collection(alice, "Clinics")
    for address in (ALL, f"{ALL}{other.pk}/edit/"):
        html = send(hers, address, 422, name=name).content.decode()
        assert words in html
        assert "There is a problem" in html
    other.refresh_from_db()
    assert other.name == "Clinics"


def test_too_many_collections_are_refused(hers: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_COLLECTIONS", 0)
    assert "50 collections at most" in send(hers, ALL, 422, name="Lists").content.decode()


def test_a_collection_is_renamed_and_described(hers: Client, alice: User) -> None:
    made = make_collection(alice, "Lists")
    address = f"{ALL}{made.pk}/"
    assert 'value="Lists"' in read(hers, f"{address}edit/")
    response = send(hers, f"{address}edit/", name="Evening lists", description="New words")
    assert response["Location"] == address
    html = read(hers, address)
    assert "Evening lists" in html
    assert "New words" in html


def test_pages_stand_in_their_order_and_move_up_and_down(hers: Client, alice: User) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 3))
    address, last = f"{ALL}{made.pk}/", made.entries.get(position=3)
    html = read(hers, address)
    assert html.index(">Page 0</a>") < html.index(">Page 1</a>") < html.index(">Page 2</a>")
    assert (html.count(">Move up<"), html.count(">Move down<")) == (2, 2)
    for _ in range(2):  # pressed twice
        response = send(hers, f"{address}entries/{last.pk}/move/", place=2)
        assert response["Location"] == f"{address}?page=1#entry-{last.pk}"
    assert titles(made) == ["Page 0", "Page 2", "Page 1"]


def test_a_note_and_a_place_are_given_in_one_form(hers: Client, alice: User) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 21))
    address, first = f"{ALL}{made.pk}/", made.entries.get(position=1)
    entry = f"{address}entries/{first.pk}/"
    assert 'value="1"' in read(hers, entry)
    response = send(hers, entry, place=21, note="Read <b>this</b> first.\nThen rest.")
    assert response["Location"] == f"{address}?page=2#entry-{first.pk}"
    assert "Read &lt;b&gt;this&lt;/b&gt; first.<br>Then rest." in read(hers, response["Location"])
    assert titles(made)[-1] == "Page 0"


@pytest.mark.parametrize(
    ("place", "note", "words"),
    [
        ("", "", "Enter the number of a place"),
        ("first", "", "Enter the place as a number"),
        ("0", "", "Enter a place of 1 or more."),
        ("9" * 30, "", "Enter a place of 200 or less."),
        ("1", "x" * 501, "Use 500 characters or fewer."),
        ("1", "a\0b", "Null characters are not allowed."),
    ],
)
def test_a_place_or_note_that_will_not_do_is_said(
    hers: Client, alice: User, place: str, note: str, words: str
) -> None:
    made = make_collection(alice, "Lists", keep(alice, make_page()))
    entry = f"{ALL}{made.pk}/entries/{made.entries.get().pk}/"
    assert words in send(hers, entry, 422, place=place, note=note).content.decode()


def test_a_page_is_taken_out_and_stays_a_bookmark(hers: Client, alice: User) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 2))
    address = f"{ALL}{made.pk}/"
    entry = made.entries.get(position=1)
    for _ in range(2):
        response = send(hers, f"{address}entries/{entry.pk}/remove/")
        assert "It is still a bookmark." in read(hers, response["Location"])
    assert titles(made) == ["Page 1"]
    assert Bookmark.objects.count() == 2


def test_a_page_that_is_gone_is_told_by_its_saved_title(hers: Client, alice: User) -> None:
    page = make_page("As saved")
    made = make_collection(alice, "Lists", keep(alice, page))
    page.unpublish()
    html = read(hers, f"{ALL}{made.pk}/")
    assert "As saved" in html
    assert "No longer available" in html
    assert f'href="{page.url}"' not in html


def test_deleting_asks_first(hers: Client, alice: User) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 2))
    make_link(made)
    address = f"{ALL}{made.pk}/delete/"
    html = read(hers, address)
    assert "Delete “Lists”?" in html
    assert "The link that you gave out stops working." in html
    assert BookmarkCollection.objects.exists()
    assert "“Lists” is deleted." in read(hers, send(hers, address)["Location"])
    assert not BookmarkCollection.objects.exists()
    assert Bookmark.objects.count() == 2


def test_a_private_link_is_made_shown_again_and_ended(hers: Client, alice: User) -> None:
    made = make_collection(alice, "Lists")
    address = f"{ALL}{made.pk}/share/"
    assert "Your private link" not in read(hers, address)
    assert send(hers, address)["Location"] == address
    share = CollectionShare.objects.get()
    link = f"http://testserver/collections/{share.token}/"
    for _ in range(2):
        html = read(hers, address)
        assert f'value="{link}"' in html
        assert "It does not show your name." in html
    assert "Shared by a link" in read(hers, ALL)
    assert "Whoever has the link can read it." in read(hers, f"{ALL}{made.pk}/")
    for _ in range(2):
        assert "The link is ended." in read(hers, send(hers, f"{address}end/")["Location"])
    assert share.token not in read(hers, address)
    assert "Shared by a link" not in read(hers, ALL)


def test_her_name_is_shown_only_where_she_ticks_it(hers: Client, alice: User) -> None:
    address = f"{ALL}{make_collection(alice, 'Lists').pk}/share/"
    send(hers, address, shows_name="on")
    assert "It shows your first name." in read(hers, address)


@pytest.mark.parametrize("address", [ALL, "one"])
def test_the_pages_take_as_many_queries_for_two_as_for_many(
    hers: Client, alice: User, address: str
) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 2))
    make_link(made)
    address = address if address == ALL else f"{ALL}{made.pk}/"
    few = queries(hers, address)
    more = keep_many(alice, 24)
    collecting.add(user=alice, collection_id=made.pk, bookmark_ids=[each.pk for each in more])
    for number in range(20):
        make_collection(alice, f"Collection {number}", *more[:2])
    assert queries(hers, address) == few <= 12


def queries(browser: Client, address: str) -> int:
    read(browser, address)
    with CaptureQueriesContext(connection) as captured:
        read(browser, address)
    return len(captured)
