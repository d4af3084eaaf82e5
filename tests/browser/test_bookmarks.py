"""Bookmarks and collections in a real browser: every page and state, by keyboard, no script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from learning_hub.accounts.models import User
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection, CollectionShare
from tests.browser.conftest import NARROW, WIDE, Visit, Watch
from tests.factories.accounts import make_person
from tests.factories.bookmarks import (
    keep,
    keep_many,
    make_collection,
    make_link,
    make_page,
    titles,
)

Check = Callable[[Page], None]
LONG = (
    "Getting-theatre-time-back-for-higher-specialty-trainees-in-otorhinolaryngology and elsewhere"
)


@pytest.fixture
def alice(live_server: object) -> User:
    return make_person("alice@example.org")


@pytest.fixture
def shelf(alice: User) -> BookmarkCollection:
    """More than one page of everything, long words, and pages that are gone."""
    gone = make_page("A page that was unpublished since")
    kept = [*keep_many(alice, 21), keep(alice, make_page(LONG)), keep(alice, gone)]
    made = make_collection(alice, LONG, *kept, description=f"What we read.\n\n{LONG}")
    made.entries.update(note=f"Read this first. {LONG}")
    gone.unpublish()
    make_link(made, shows_name=True)
    return made


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_page_of_hers_is_open_to_all(
    look: Visit,
    assert_accessible: Check,
    alice: User,
    shelf: BookmarkCollection,
    width: int,
    javascript: bool,
) -> None:
    one = f"/my/collections/{shelf.pk}/"
    entry = shelf.entries.first()
    for address in (
        "/my/",
        "/my/bookmarks/",
        "/my/bookmarks/?type=nonsense",
        "/my/collections/",
        one,
        f"{one}?page=2",
        f"{one}edit/",
        f"{one}delete/",
        f"{one}share/",
        f"{one}entries/{entry.pk}/",
        f"/collections/{CollectionShare.objects.get().token}/",
    ):
        assert_accessible(look(address, width=width, javascript=javascript, user=alice))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_empty_pages_and_what_others_see_are_open_to_all(
    look: Visit, assert_accessible: Check, shelf: BookmarkCollection, width: int
) -> None:
    bob = make_person("bob@example.org")
    made = make_collection(bob, "Empty")
    for address, user in (
        ("/my/bookmarks/", make_person("new@example.org")),
        ("/my/collections/", make_person("other@example.org")),
        (f"/my/collections/{made.pk}/", bob),
        (f"/my/collections/{made.pk}/share/", bob),
        (f"/collections/{make_link(made).token}/", None),
        (f"/collections/{CollectionShare.objects.first().token}/", bob),
        (f"/collections/{CollectionShare.objects.first().token}/", None),
    ):
        assert_accessible(look(address, width=width, user=user))
    assert_accessible(look("/collections/ended/", width=width, status=404))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_button_is_open_to_all(
    look: Visit, assert_accessible: Check, alice: User, width: int
) -> None:
    page = make_page("How to ask for time")
    for user in (None, alice):
        assert_accessible(look(page.url, width=width, user=user))
    keep(alice, page)
    assert_accessible(look(page.url, width=width, user=alice))


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_mistakes_are_open_to_all(
    look: Visit,
    watches: dict[Page, Watch],
    assert_accessible: Check,
    alice: User,
    shelf: BookmarkCollection,
    width: int,
    javascript: bool,
) -> None:
    one = f"/my/collections/{shelf.pk}/"
    for address, button in (
        ("/my/bookmarks/", "Add to the collection"),
        ("/my/collections/", "Start the collection"),
        (f"{one}entries/{shelf.entries.first().pk}/", "Save"),
    ):
        page = look(address, width=width, javascript=javascript, user=alice)
        watches[page].expected_status = 422
        for place in page.get_by_label("Place in the collection").all():
            place.fill("first")
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        assert_accessible(page)


def test_a_page_is_kept_collected_and_shared_by_keyboard_without_script(
    look: Visit, assert_accessible: Check, alice: User
) -> None:
    article = make_page("How to ask for time")
    page = look(article.url, javascript=False, user=alice)
    press(page, page.get_by_role("button", name="Keep this page"))
    expect(page.get_by_text("Kept in your bookmarks")).to_be_visible()
    page.keyboard.press("Tab")  # from where the button was
    expect(page.get_by_role("link", name="your bookmarks")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Choose: How to ask for time").focus()
    page.keyboard.press("Space")
    page.get_by_label("Name a new collection").focus()
    page.keyboard.type("For Monday")
    press(page, page.get_by_role("button", name="Add to the collection"))
    expect(page.get_by_role("heading", level=1, name="For Monday")).to_be_visible()
    press(page, page.get_by_role("link", name="Share by a private link"))
    press(page, page.get_by_role("button", name="Make a private link"))
    link = page.get_by_label("Copy this link").input_value()
    assert_accessible(page)
    other = look(link[link.index("/collections/") :], javascript=False)
    press(other, other.get_by_role("link", name="How to ask for time"))
    expect(other.get_by_role("heading", level=1, name="How to ask for time")).to_be_visible()


def test_pages_change_places_by_keyboard_and_the_reader_stays_there(
    visit: Visit, alice: User
) -> None:
    made = make_collection(alice, "Lists", *keep_many(alice, 3))
    page = visit(f"/my/collections/{made.pk}/", width=NARROW, javascript=False, user=alice)
    press(page, page.get_by_role("button", name=re.compile(r"Move up\W+Page 2")))
    page.wait_for_url("**#entry-*")
    assert titles(made) == ["Page 0", "Page 2", "Page 1"]
    page.keyboard.press("Tab")  # goes on from the page that moved
    expect(page.get_by_role("link", name="Page 2", exact=True)).to_be_focused()
    press(page, page.get_by_role("link", name=re.compile(r"Note and place\W+Page 0")))
    page.get_by_label("Place in the collection").fill("3")
    page.get_by_label("Note").fill("Last of all.")
    press(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Last of all.")).to_be_visible()
    assert titles(made) == ["Page 2", "Page 1", "Page 0"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_removing_asks_where_a_collection_would_lose_the_page(
    look: Visit, assert_accessible: Check, alice: User, width: int
) -> None:
    make_collection(alice, "Lists", keep(alice, make_page("Here")))
    page = look("/my/bookmarks/", width=width, javascript=False, user=alice)
    page.get_by_label("Choose: Here").check()
    page.get_by_role("button", name="Remove from my bookmarks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove from your bookmarks?")
    assert_accessible(page)
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("no longer in your bookmarks")
    assert not Bookmark.objects.exists()


def test_somebody_copies_what_was_shared_with_him(
    look: Visit, assert_accessible: Check, shelf: BookmarkCollection
) -> None:
    bob = make_person("bob@example.org")
    token = CollectionShare.objects.get().token
    page = look(f"/collections/{token}/", width=NARROW, javascript=False, user=bob)
    page.get_by_role("button", name="Copy this collection to mine").click()
    expect(page.get_by_role("status")).to_contain_text("Copied to your collections")
    assert_accessible(page)
    assert Bookmark.objects.of(bob.pk).count() == 22


def test_a_shared_collection_prints_without_its_buttons(
    visit: Visit, shelf: BookmarkCollection
) -> None:
    page = visit(f"/collections/{CollectionShare.objects.get().token}/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Keep it for yourself")).to_be_hidden()
    expect(page.get_by_role("link", name="Page 0").first).to_be_visible()


def press(page: Page, control: object) -> None:
    """Go to the control and press Enter."""
    control.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
