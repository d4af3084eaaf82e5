"""The button that keeps a page, on the page itself."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from learning_hub.accounts.models import User
from learning_hub.bookmarks.models import Bookmark
from tests.factories.bookmarks import keep, make_collection, make_page
from tests.factories.case_studies import make_case_study
from tests.factories.syllabus import make_module

KEEP, REMOVE = "/my/bookmarks/keep/", "/my/bookmarks/remove/"
KINDS = ["information", "case study", "module", "lesson"]


def make(kind: str) -> Page:
    if kind == "information":
        return make_page()
    if kind == "case study":
        return make_case_study()
    module = make_module()
    return module if kind == "module" else module.lessons[0]


def read(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_content_page_can_be_kept_and_let_go(hers: Client, alice: User, kind: str) -> None:
    page = make(kind)
    html = read(hers, page.url)
    assert "Keep this page" in html
    assert "Kept in" not in html
    for _ in range(2):  # pressed twice
        response = hers.post(KEEP, {"page": page.pk})
        assert response.status_code == 302
        assert response["Location"] == f"{page.url}#keep"
    bookmark = Bookmark.objects.get(user=alice, page=page.pk)
    html = read(hers, page.url)
    assert "Kept in" in html
    assert "Keep this page" not in html
    for _ in range(2):
        response = hers.post(REMOVE, {"bookmark": bookmark.pk, "stay": page.pk})
        assert response.status_code == 302
        assert response["Location"] == f"{page.url}#keep"
    assert not Bookmark.objects.exists()
    assert "Keep this page" in read(hers, page.url)


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_else_keeping_it_changes_nothing(
    hers: Client, alice: User, bob: User, kind: str
) -> None:
    page = make(kind)
    keep(bob, page)
    assert "Keep this page" in read(hers, page.url)


@pytest.mark.parametrize("kind", KINDS)
def test_the_signed_out_are_led_to_sign_in_and_back(client: Client, db: None, kind: str) -> None:
    page = make(kind)
    html = read(client, page.url)
    assert f"/accounts/login/?next={page.url.replace('/', '%2F')}" in html
    assert KEEP not in html
    response = client.post(KEEP, {"page": page.pk})
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={page.url.replace('/', '%2F')}"


def test_a_page_stays_as_it_was_for_the_signed_out(client: Client, db: None) -> None:
    response = client.get(make_page().url)
    assert response.status_code == 200
    assert settings.CSRF_COOKIE_NAME not in response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert "no-store" not in response.get("Cache-Control", "")


def queries(browser: Client, address: str) -> list[str]:
    read(browser, address)
    with CaptureQueriesContext(connection) as captured:
        read(browser, address)
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("kind", KINDS)
def test_the_button_costs_one_query_at_most(hers: Client, alice: User, kind: str) -> None:
    page = make(kind)
    keep(alice, page)
    asked = [sql for sql in queries(hers, page.url) if "bookmarks_bookmark" in sql]
    assert len(asked) == 1
    own = [sql for sql in asked if "syllabus" not in sql]
    assert len(own) == (kind in ("information", "case study"))  # the others ask with something else
    signed_out = [sql for sql in queries(Client(), page.url) if "bookmarks_" in sql]
    assert [sql for sql in signed_out if "syllabus" not in sql] == []


def test_removing_from_the_page_asks_where_a_collection_would_lose_it(
    hers: Client, alice: User
) -> None:
    page = make_page()
    bookmark = keep(alice, page)
    make_collection(alice, "Lists", bookmark)
    asked = hers.post(REMOVE, {"bookmark": bookmark.pk, "stay": page.pk})
    assert asked.status_code == 200
    html = asked.content.decode()
    assert f'<a href="{page.url}">Keep it</a>' in html
    sure = hers.post(REMOVE, {"bookmark": bookmark.pk, "stay": page.pk, "sure": "yes"})
    assert (sure.status_code, sure["Location"]) == (302, f"{page.url}#keep")


def test_a_page_that_is_not_open_to_her_cannot_be_kept(hers: Client) -> None:
    draft = make_page("Draft", live=False)
    answers = set()
    for page in (draft.pk, 987654321):  # one that is there, and one that is not
        response = hers.post(KEEP, {"page": page}, follow=True)
        assert response.status_code == 200
        assert response.redirect_chain == [("/my/bookmarks/", 302)]
        answers.add("This page cannot be kept." in response.content.decode())
    assert answers == {True}
    assert not Bookmark.objects.exists()


def test_the_button_needs_the_token_of_the_form(alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(KEEP, {"page": make_page().pk}).status_code == 403


def test_a_list_of_pages_is_not_offered(client: Client, db: None) -> None:
    response = client.get("/guidance/")
    assert response.status_code == 200
    assert "keep this page" not in response.content.decode().lower()
