"""What whoever has a private link sees, what she does not, and what she may take."""

from __future__ import annotations

import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from learning_hub.accounts.models import User
from learning_hub.bookmarks import keeping, sharing
from learning_hub.bookmarks.models import BookmarkCollection, CollectionShare
from tests.factories.bookmarks import (
    NOON,
    keep,
    keep_many,
    make_collection,
    make_link,
    make_page,
    titles,
)

NOBODY = "A" * 43


def address(share: CollectionShare) -> str:
    return f"/collections/{share.token}/"


def read(browser: Client, where: str) -> str:
    response = browser.get(where)
    assert response.status_code == 200
    return response.content.decode()


def close(page: object, kind: str = PageViewRestriction.LOGIN) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=kind)


def test_anyone_with_the_link_reads_the_pages_in_order_with_the_notes(
    client: Client, alice: User
) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 2), description="For Monday.")
    made.entries.filter(position=2).update(note="Start <here>.")
    html = read(client, address(make_link(made)))
    assert html.index("For Monday.") < html.index(">Page 0</a>") < html.index(">Page 1</a>")
    assert "Start &lt;here&gt;." in html
    assert "not open to you" not in html


def test_the_owner_is_not_named_unless_she_wants_it(client: Client, alice: User) -> None:
    made = make_collection(alice, "Lists", keep(alice, make_page()))
    html = read(client, address(make_link(made)))
    for words in ("Alice", "Adams", alice.email, "Put together by"):
        assert words not in html
    html = read(client, address(make_link(made, shows_name=True)))
    assert "Put together by Alice" in html
    assert "Adams" not in html
    assert alice.email not in html


def test_what_is_not_open_to_the_reader_is_counted_and_not_told(
    client: Client, his: Client, alice: User
) -> None:
    pages = [make_page(f"Secret {what}") for what in ("closed", "draft", "deleted")]
    kept = [keep(alice, page) for page in [*pages, make_page("Open")]]
    share = make_link(make_collection(alice, "Lists", *kept))
    close(pages[0])
    pages[1].unpublish()
    pages[2].delete()
    html = read(client, address(share))
    assert "3 pages of this collection are not open to you." in html
    assert "Secret" not in html
    assert ">Open</a>" in html
    html = read(his, address(share))
    assert "2 pages of this collection are not open to you." in html
    assert ">Secret closed</a>" in html
    assert "Secret d" not in html


def test_the_page_is_kept_from_search_engines_caches_and_other_sites(
    client: Client, alice: User
) -> None:
    response = client.get(address(make_link(make_collection(alice))))
    assert response.status_code == 200
    assert "noindex" in response["X-Robots-Tag"]
    assert 'name="robots" content="noindex' in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert 'rel="canonical"' not in response.content.decode()


def test_whoever_is_signed_in_tells_other_sites_nothing_either(his: Client, alice: User) -> None:
    for where in (address(make_link(make_collection(alice))), "/collections/ended/"):
        assert his.get(where)["Referrer-Policy"] == "same-origin"  # her forms need an origin


def test_ended_guessed_and_odd_links_look_all_the_same(client: Client, alice: User) -> None:
    made = make_collection(alice, "Lists")
    ended, replaced = make_link(made), make_link(made)
    sharing.end_link(user=alice, collection_id=made.pk, at=NOON)
    gone = make_link(make_collection(alice, "Gone"))
    gone.collection.delete()
    odd = ["x", "%00", "..%2f", "a/b/c", "%F0%9F%92%A9", "x" * 5000, "%ED%A0%80", f"{NOBODY}%0A"]
    tokens = [ended.token, replaced.token, gone.token, NOBODY, *odd]
    answers = [client.get(f"/collections/{token}/") for token in tokens]
    assert {answer.status_code for answer in answers} == {404}
    # A page names its own address, on paper and to whoever reports a problem with it.
    about = BeautifulSoup(answers[0].content, "html.parser").main
    assert {BeautifulSoup(each.content, "html.parser").main for each in answers} == {about}
    assert "This link does not open a collection." in answers[0].content.decode()
    for answer in answers:
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]


def test_an_odd_link_asks_no_table_of_links(client: Client, db: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/collections/odd/").status_code == 404
    assert not [q for q in captured.captured_queries if "collectionshare" in q["sql"]]


def test_an_account_that_was_closed_shares_no_more(client: Client, alice: User) -> None:
    share = make_link(make_collection(alice))
    alice.is_active = False
    alice.save()
    assert client.get(address(share)).status_code == 404


def test_a_new_link_ends_the_old_one(client: Client, alice: User) -> None:
    made = make_collection(alice)
    old, new = make_link(made), make_link(made)
    assert client.get(address(old)).status_code == 404
    assert client.get(address(new)).status_code == 200
    assert CollectionShare.objects.filter(ended_at__isnull=True).get() == new


def test_the_database_refuses_two_open_links(alice: User) -> None:
    made = make_collection(alice)
    make_link(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectionShare.objects.create(collection=made, token="t", shared_at=NOON)


def test_links_cannot_be_guessed(alice: User) -> None:
    made = make_collection(alice)
    tokens = {make_link(made).token for _ in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}  # 256 bits at six a letter


def copy(browser: Client, share: CollectionShare, key: uuid.UUID | None = None) -> str:
    response = browser.post(f"{address(share)}copy/", {"key": key or uuid.uuid4()})
    assert response.status_code == 302
    return response["Location"]


def test_somebody_signed_in_copies_what_is_open_to_her_once(
    his: Client, alice: User, bob: User
) -> None:
    kept = keep_many(alice, 3)
    made = make_collection(alice, "Lists", *kept, description="For Monday.")
    made.entries.filter(position=3).update(note="Start here.")
    kept[0].page.unpublish()
    share, key = make_link(made), uuid.uuid4()
    assert "Copy this collection to mine" in read(his, address(share))
    where = {copy(his, share, key) for _ in range(2)}
    assert "Copied to your collections as “Lists”." in read(his, where.pop())
    assert not where
    own = BookmarkCollection.objects.get(user=bob)
    assert (own.name, own.description) == ("Lists", "For Monday.")
    assert titles(own) == ["Page 1", "Page 2"]
    assert own.entries.get(position=2).note == "Start here."
    assert set(own.entries.values_list("bookmark__user", flat=True)) == {bob.pk}
    assert titles(made) == ["Page 0", "Page 1", "Page 2"]


def test_a_copy_gets_a_name_that_is_free(his: Client, alice: User, bob: User) -> None:
    long = "x" * 100
    for name in ("Lists", long):
        make_collection(bob, name.upper())
        share = make_link(make_collection(alice, name, keep(alice, make_page(f"On {name[:9]}"))))
        copy(his, share)
        copy(his, share)
    names = set(BookmarkCollection.objects.filter(user=bob).values_list("name", flat=True))
    copies = {"Lists (2)", "Lists (3)", "x" * 96 + " (2)", "x" * 96 + " (3)"}
    assert names == {"LISTS", "X" * 100, *copies}


def test_what_cannot_be_copied_is_said(
    his: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = make_link(make_collection(alice, "Empty"))
    assert copy(his, empty) == address(empty)
    assert "there is nothing to copy" in read(his, address(empty))
    full = make_link(make_collection(alice, "Full", *keep_many(alice, 2)))
    monkeypatch.setattr(keeping, "MOST_BOOKMARKS", 1)
    assert copy(his, full) == address(full)
    assert "You can keep 500 pages at most." in read(his, address(full))
    assert not BookmarkCollection.objects.exclude(user=alice).exists()


def test_the_signed_out_sign_in_before_they_copy(client: Client, alice: User) -> None:
    share = make_link(make_collection(alice, "Lists", keep(alice, make_page())))
    html = read(client, address(share))
    assert "Sign in to copy this collection to yours" in html
    assert "<form" not in html.partition("<main")[2].partition("</main>")[0]
    for method in (client.get, client.post):
        response = method(f"{address(share)}copy/")
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next=%2Fcollections%2F{share.token}%2F"


def test_the_owner_is_told_that_it_is_hers(hers: Client, alice: User) -> None:
    html = read(hers, address(make_link(make_collection(alice))))
    assert "This is your collection" in html
    assert "Copy this collection" not in html


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_page_takes_as_many_queries_for_two_pages_as_for_two_hundred(
    his: Client, alice: User, signed_in: bool
) -> None:
    browser = his if signed_in else Client()
    small = make_link(make_collection(alice, "Few", *keep_many(alice, 2)))
    large = make_link(make_collection(alice, "Many", *keep_many(alice, 40)))
    counts = []
    for share in (small, large):
        close(make_page(f"Closed {share.pk}"))
        read(browser, address(share))
        with CaptureQueriesContext(connection) as captured:
            read(browser, address(share))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
