"""The page of a person's bookmarks, and what she does there."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from learning_hub.accounts.models import User
from learning_hub.bookmarks import collecting, keeping
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection
from tests.factories.bookmarks import keep, keep_many, make_collection, make_page, titles
from tests.factories.case_studies import make_case_study

HERE = "/my/bookmarks/"
COLLECT, REMOVE = f"{HERE}collect/", f"{HERE}remove/"


def read(browser: Client, address: str = HERE) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def send(browser: Client, address: str, status: int = 302, **fields: object) -> HttpResponse:
    response = browser.post(address, {"key": uuid.uuid4(), **fields})
    assert response.status_code == status
    return response


def test_without_bookmarks_the_page_says_how_to_keep_one(hers: Client) -> None:
    html = read(hers)
    assert "You have not kept a page yet." in html
    assert "<form" not in html.partition("<main")[2].partition("</main>")[0]


def test_the_newest_bookmark_comes_first(hers: Client, alice: User) -> None:
    keep_many(alice, 3)
    html = read(hers)
    assert html.index(">Page 2</a>") < html.index(">Page 1</a>") < html.index(">Page 0</a>")
    assert "2 March 2026" in html


def test_twenty_are_on_a_page(hers: Client, alice: User) -> None:
    keep_many(alice, 21)
    assert ">Page 0</a>" not in read(hers)
    html = read(hers, f"{HERE}?page=2")
    assert ">Page 0</a>" in html
    assert ">Page 20</a>" not in html


def test_one_type_of_page_can_be_shown_alone(hers: Client, alice: User) -> None:
    keep(alice, make_page("Information here"))
    keep(alice, make_case_study("A study here"))
    html = read(hers, f"{HERE}?type=case-study")
    assert ">A study here</a>" in html
    assert ">Information here</a>" not in html
    assert "Case studies (1)" in html
    assert "Information pages (1)" in html
    assert "so all are shown" not in html


def test_an_unknown_type_is_said_and_ignored(hers: Client, alice: User) -> None:
    keep(alice, make_page("Here"))
    html = read(hers, f"{HERE}?type=nonsense")
    assert "so all are shown" in html
    assert ">Here</a>" in html
    assert "nonsense" not in html


def test_a_page_is_shown_under_its_title_of_today(hers: Client, alice: User) -> None:
    page = make_page("Before")
    keep(alice, page)
    page.title = "After"
    page.save()
    assert ">After</a>" in read(hers)


@pytest.mark.parametrize("what", ["unpublished", "deleted", "closed"])
def test_a_page_that_is_gone_is_told_by_the_title_she_saved(
    hers: Client, alice: User, what: str
) -> None:
    page = make_page("As saved")
    keep(alice, page)
    page.title = "A later title"
    page.save()
    if what == "unpublished":
        page.unpublish()
    elif what == "deleted":
        page.delete()
    else:
        kind = PageViewRestriction.PASSWORD
        PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")
    html = read(hers)
    assert "As saved" in html
    assert "No longer available" in html
    assert "A later title" not in html
    assert f'href="{page.url}"' not in html


def test_ticked_pages_go_to_a_new_collection(hers: Client, alice: User) -> None:
    kept = keep_many(alice, 3)
    ids = [kept[2].pk, kept[0].pk]
    response = send(hers, COLLECT, bookmark=ids, new_name="Lists")
    made = BookmarkCollection.objects.get()
    assert response["Location"] == f"/my/collections/{made.pk}/"
    assert titles(made) == ["Page 2", "Page 0"]
    assert "Added 2 pages" in read(hers, response["Location"])
    assert ">Lists</a>" in read(hers)


def test_ticked_pages_go_to_a_collection_that_there_is(hers: Client, alice: User) -> None:
    kept, made = keep_many(alice, 2), make_collection(alice, "Lists")
    fields = {"bookmark": [kept[0].pk], "collection": made.pk, "new_name": ""}
    for words in ("Added 1 page to", "has these pages already"):
        assert words in read(hers, send(hers, COLLECT, **fields)["Location"])
    assert titles(made) == ["Page 0"]


def test_the_same_form_sent_twice_makes_one_collection(hers: Client, alice: User) -> None:
    fields = {"bookmark": keep_many(alice, 1)[0].pk, "new_name": "Lists", "key": uuid.uuid4()}
    assert len({send(hers, COLLECT, **fields)["Location"] for _ in range(2)}) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"new_name": "New"}, "Tick at least one page."),
        ({"bookmark": "own"}, "Choose a collection, or name a new one."),
        ({"bookmark": "own", "new_name": "New", "collection": "own"}, "not both"),
        ({"bookmark": "own", "new_name": "lists"}, "called “Lists” already"),
        ({"bookmark": "own", "new_name": "x" * 101}, "100 characters or fewer"),
        ({"bookmark": "own", "collection": str(uuid.uuid4())}, "Choose a collection from the list"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(
    hers: Client, alice: User, fields: dict[str, object], words: str
) -> None:
    bookmark, made = keep_many(alice, 1)[0], make_collection(alice, "Lists")
    own = {"bookmark": bookmark.pk, "collection": str(made.pk)}
    given = {name: own[name] if value == "own" else value for name, value in fields.items()}
    html = send(hers, COLLECT, 422, **given).content.decode()
    assert words in html
    assert "There is a problem" in html
    assert ("checked" in html) == ("bookmark" in fields)
    assert list(BookmarkCollection.objects.all()) == [made]
    assert titles(made) == []


def test_limits_are_said_in_the_form(
    hers: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MOST_COLLECTIONS", 0)
    bookmark = keep_many(alice, 1)[0]
    html = send(hers, COLLECT, 422, bookmark=bookmark.pk, new_name="Lists").content.decode()
    assert "You can have 50 collections at most." in html


def test_ticked_pages_are_removed(hers: Client, alice: User) -> None:
    kept = keep_many(alice, 3)
    response = send(hers, REMOVE, bookmark=[kept[0].pk, kept[1].pk])
    assert "2 pages are no longer in your bookmarks." in read(hers, response["Location"])
    assert list(Bookmark.objects.all()) == [kept[2]]
    assert "Tick at least one page." in read(hers, send(hers, REMOVE)["Location"])


def test_removing_what_is_in_a_collection_asks_first(hers: Client, alice: User) -> None:
    bookmark = keep(alice, make_page("Here"))
    make_collection(alice, "Lists", bookmark)
    asked = send(hers, REMOVE, 200, bookmark=bookmark.pk).content.decode()
    assert "Remove from your bookmarks?" in asked
    assert "“Lists”" in asked
    assert Bookmark.objects.exists()
    response = send(hers, REMOVE, bookmark=bookmark.pk, sure="yes")
    assert "“Here” is no longer in your bookmarks." in read(hers, response["Location"])
    assert not Bookmark.objects.exists()


def test_the_limit_is_said_on_the_page_itself(
    hers: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_page()
    monkeypatch.setattr(keeping, "MOST_BOOKMARKS", 0)
    response = send(hers, f"{HERE}keep/", page=page.pk)
    assert response["Location"] == page.url
    assert "You can keep 500 pages at most." in read(hers, page.url)


def queries(browser: Client, address: str) -> int:
    read(browser, address)
    with CaptureQueriesContext(connection) as captured:
        read(browser, address)
    return len(captured)


def test_the_page_takes_as_many_queries_for_two_as_for_many(hers: Client, alice: User) -> None:
    for number, kept in enumerate((keep_many(alice, 2), keep_many(alice, 24))):
        make_collection(alice, f"Lists {number}", *kept)
        make_collection(alice, f"More {number}", *kept)
        PageViewRestriction.objects.create(
            page=make_page(f"Closed {number}"), restriction_type=PageViewRestriction.LOGIN
        )
        if number == 0:
            few = queries(hers, HERE)
    assert queries(hers, HERE) == few <= 12
    assert queries(hers, f"{HERE}?type=information&page=2") <= 12
