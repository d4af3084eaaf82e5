"""Every address by its owner, by somebody else, and signed out; and with input that is none."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from learning_hub.accounts.models import User
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection, CollectionEntry
from tests.factories.bookmarks import keep, make_collection, make_link, make_page

LISTS = ["/my/bookmarks/", "/my/collections/"]
# What follows a collection's address, and whether it can be read or only sent.
OF_A_COLLECTION = {
    "": "GET",
    "edit/": "GET POST",
    "delete/": "GET POST",
    "share/": "GET POST",
    "share/end/": "POST",
    "entries/{entry}/": "GET POST",
    "entries/{entry}/move/": "POST",
    "entries/{entry}/remove/": "POST",
}
EACH = [(end, method) for end, ways in OF_A_COLLECTION.items() for method in ways.split()]
HUGE = "9" * 400


@pytest.fixture
def collection(alice: User) -> BookmarkCollection:
    made = make_collection(alice, "Hers alone", keep(alice, make_page("Her page")))
    make_link(made)
    return made


def address(collection: BookmarkCollection, end: str) -> str:
    entry = CollectionEntry.objects.get(collection=collection)
    return f"/my/collections/{collection.pk}/{end.format(entry=entry.pk)}"


def state() -> list[object]:
    """All that could have been changed."""
    tables = (Bookmark, BookmarkCollection, CollectionEntry)
    rows: list[object] = [row for table in tables for row in table.objects.order_by("pk").values()]
    return [*rows, *(share for each in BookmarkCollection.objects.all()
                     for share in each.shares.values())]  # fmt: skip


@pytest.mark.parametrize(("end", "method"), EACH)
def test_the_owner_may(hers: Client, collection: BookmarkCollection, end: str, method: str) -> None:
    response = hers.generic(method, address(collection, end))
    assert response.status_code in ({200} if method == "GET" else {302, 422})
    assert "no-store" in response["Cache-Control"]
    if method == "GET":
        assert 'name="robots" content="noindex"' in response.content.decode()


@pytest.mark.parametrize(("end", "method"), EACH)
def test_nobody_else_learns_that_it_is_there(
    his: Client, collection: BookmarkCollection, end: str, method: str
) -> None:
    before, where = state(), address(collection, end)
    response = his.generic(method, where)
    assert response.status_code == 404
    assert b"Hers alone" not in response.content
    nowhere = where.replace(str(collection.pk), "00000000-0000-4000-8000-000000000000")
    assert his.generic(method, nowhere).status_code == 404
    assert state() == before


@pytest.mark.parametrize(("end", "method"), EACH)
def test_the_signed_out_are_sent_to_sign_in(
    client: Client, collection: BookmarkCollection, end: str, method: str
) -> None:
    before, where = state(), address(collection, end)
    response = client.generic(method, where)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={quote(where)}"
    assert state() == before


@pytest.mark.parametrize("where", LISTS)
def test_the_lists_are_everybodys_own(
    client: Client, his: Client, collection: BookmarkCollection, where: str
) -> None:
    response = his.get(where)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "Hers alone" not in response.content.decode()
    assert "Her page" not in response.content.decode()
    response = client.get(where)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={where}")


@pytest.mark.parametrize("step", ["remove", "collect"])
def test_the_steps_on_bookmarks_touch_nobody_elses(
    client: Client, his: Client, collection: BookmarkCollection, step: str
) -> None:
    before, where = state(), f"/my/bookmarks/{step}/"
    fields = {
        "bookmark": Bookmark.objects.get().pk,
        "collection": collection.pk,
        "sure": "yes",
    }
    response = his.post(where, fields)
    assert response.status_code == (302 if step == "remove" else 422)
    response = client.post(where, fields)
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fmy%2Fbookmarks%2F"
    assert state() == before


@pytest.mark.parametrize(
    "where",
    [
        "/my/bookmarks/keep/",
        "/my/bookmarks/remove/",
        "/my/bookmarks/collect/",
    ],
)
def test_what_changes_something_is_not_done_by_looking(hers: Client, where: str) -> None:
    assert hers.get(where).status_code == 405


@pytest.mark.parametrize("value", ["", "0", "-1", "x", HUGE, "%00", "%ED%A0%80", "٣", "1&page=2"])
def test_odd_parameters_are_no_error(
    hers: Client, collection: BookmarkCollection, value: str
) -> None:
    for where in (*LISTS, address(collection, "")):
        for name in ("page", "type"):
            assert hers.get(f"{where}?{name}={value}").status_code == 200


@pytest.mark.parametrize("value", ["", "0", "-1", "x", HUGE, "\0", "\ud800", "٣", "1e3", "9" * 18])
def test_odd_input_is_no_error_and_changes_nothing(
    hers: Client, collection: BookmarkCollection, value: str
) -> None:
    before = state()
    sent = quote(value, errors="surrogatepass")
    kind = "application/x-www-form-urlencoded"
    for where, names in {
        "/my/bookmarks/keep/": ["page"],
        "/my/bookmarks/remove/": ["bookmark", "stay", "sure"],
        "/my/bookmarks/collect/": ["bookmark", "collection", "new_name", "key"],
        address(collection, "entries/{entry}/move/"): ["place"],
    }.items():
        body = "&".join(f"{name}={sent}&{name}={sent}" for name in names)
        response = hers.post(where, body, content_type=kind)
        assert response.status_code in (302, 422)
    assert state() == before


@pytest.mark.parametrize("entry", ["0", HUGE, "9" * 19])
def test_an_entry_that_is_not_there_is_not_found(
    hers: Client, collection: BookmarkCollection, entry: str
) -> None:
    where = f"/my/collections/{collection.pk}/entries/{entry}/"
    assert hers.get(where).status_code == 404
    for step in ("move/", "remove/"):
        assert hers.post(f"{where}{step}", {"place": 1}).status_code in (302, 404)


@pytest.mark.parametrize("name", ["\0", "a\0b", "\ud800", "x" * 100_000, "﷽" * 100, "\u202e", "💩"])
def test_odd_names_are_no_error(hers: Client, name: str) -> None:
    body = f"name={quote(name, errors='surrogatepass')}&description={quote(name, errors='ignore')}"
    kind = "application/x-www-form-urlencoded"
    response = hers.post("/my/collections/", body, content_type=kind)
    assert response.status_code in (302, 422)
    assert hers.get("/my/collections/").status_code == 200


def test_repeated_pages_are_kept_and_collected_once(hers: Client, alice: User) -> None:
    page = make_page("Twice")
    response = hers.post("/my/bookmarks/keep/", {"page": [page.pk, page.pk]})
    assert response.status_code == 302
    bookmark = Bookmark.objects.get(user=alice)
    fields = {"bookmark": [bookmark.pk] * 300, "new_name": "Lists"}
    assert hers.post("/my/bookmarks/collect/", fields).status_code == 302
    assert CollectionEntry.objects.filter(bookmark=bookmark).count() == 1
