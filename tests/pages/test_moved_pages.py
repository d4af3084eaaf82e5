"""What an address says once its page has moved, was renamed, withdrawn or closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from learning_hub.pages.models import InformationPage
from tests.factories.case_studies import make_case_study
from tests.factories.syllabus import make_module

pytestmark = pytest.mark.django_db
Commit = Any


def add(title: str, parent: Page | None = None, **fields: Any) -> InformationPage:
    home = Site.objects.get(is_default_site=True).root_page
    return (parent or home).add_child(instance=InformationPage(title=title, **fields))


def rename(page: Page, slug: str, commit: Commit) -> None:
    page = page.specific
    page.slug = slug
    with commit(execute=True):
        page.save_revision().publish()


def make_lesson() -> Page:
    return make_module(lessons=1).lessons.get()


MAKERS: dict[str, Callable[[], Page]] = {
    "information": lambda: add("About us"),
    "case study": make_case_study,
    "library": lambda: make_case_study().get_parent(),
    "module": make_module,
    "lesson": make_lesson,
    "syllabus": lambda: make_module().get_parent(),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_the_old_address_of_a_renamed_page_leads_to_the_new_one(
    client: Client, django_capture_on_commit_callbacks: Commit, kind: str
) -> None:
    page = MAKERS[kind]()
    old = page.url
    rename(page, "another-name", django_capture_on_commit_callbacks)
    response = client.get(old)
    new = Page.objects.get(pk=page.pk).url
    assert (response.status_code, response["Location"]) == (301, new)
    assert client.get(new).status_code == 200


def test_what_is_below_a_moved_page_is_found_too(
    client: Client, django_capture_on_commit_callbacks: Commit
) -> None:
    parent, target = add("Help"), add("About us")
    add("Forms", parent)
    with django_capture_on_commit_callbacks(execute=True):
        parent.move(target, "last-child")
    for old, new in (
        ("/help/", "/about-us/help/"),
        ("/help/forms/", "/about-us/help/forms/"),
        ("/help/forms", "/about-us/help/forms/"),
    ):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new)


def test_a_page_that_moved_twice_is_one_step_away(
    client: Client, django_capture_on_commit_callbacks: Commit
) -> None:
    page = add("About us")
    rename(page, "second", django_capture_on_commit_callbacks)
    rename(page, "third", django_capture_on_commit_callbacks)
    for old in ("/about-us/", "/second/"):
        assert client.get(old)["Location"] == "/third/"


def test_a_page_that_moves_back_is_where_it_was(
    client: Client, django_capture_on_commit_callbacks: Commit
) -> None:
    page = add("About us")
    rename(page, "second", django_capture_on_commit_callbacks)
    rename(page, "about-us", django_capture_on_commit_callbacks)
    assert client.get("/about-us/").status_code == 200
    assert client.get("/second/")["Location"] == "/about-us/"


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("?q=theatre&region=london&region=wales", "?q=theatre&region=london&region=wales"),
        ("?q=%E2%80%9Ca%20b%E2%80%9D", "?q=%E2%80%9Ca%20b%E2%80%9D"),
        ("?", ""),
        ("?q=%00", "?q=%00"),
    ],
)
def test_the_parameters_go_along(
    client: Client, django_capture_on_commit_callbacks: Commit, asked: str, led_to: str
) -> None:
    library = make_case_study().get_parent()
    rename(library, "library", django_capture_on_commit_callbacks)
    response = client.get(f"/case-studies/{asked}")
    assert (response.status_code, response["Location"]) == (301, f"/library/{led_to}")


def test_a_redirect_for_certain_parameters_is_taken_as_it_was_made(client: Client) -> None:
    add("About us")
    Redirect.add_redirect("/old/?id=7", redirect_to="/about-us/")
    response = client.get("/old/?id=7")
    assert (response.status_code, response["Location"]) == (301, "/about-us/")
    assert client.get("/old/?id=8").status_code == 404


@pytest.mark.parametrize("how", ["unpublished", "expired", "deleted"])
def test_neither_address_of_a_withdrawn_page_says_more_than_that_it_is_not_there(
    client: Client, django_capture_on_commit_callbacks: Commit, how: str
) -> None:
    page = add("About us")
    rename(page, "secret-plan", django_capture_on_commit_callbacks)
    page = InformationPage.objects.get(pk=page.pk)
    if how == "unpublished":
        page.unpublish()
    elif how == "expired":
        page.expire_at = timezone.now() - dt.timedelta(minutes=1)
        page.save()
    else:
        page.delete()
    for address in ("/about-us/", "/secret-plan/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "Page not found" in response.content.decode()
    assert "secret" not in client.get("/about-us/").content.decode()


def test_the_old_address_of_a_closed_page_leads_to_the_way_in_and_tells_no_title(
    client: Client, django_capture_on_commit_callbacks: Commit
) -> None:
    page = add("The secret plan", slug="plan")
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    rename(page, "plan-b", django_capture_on_commit_callbacks)
    response = client.get("/plan/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain == [
        ("/plan-b/", 301),
        ("/accounts/login/?next=/plan-b/", 302),
    ]
    assert "secret" not in response.content.decode()


def test_a_redirect_that_leads_to_itself_is_not_followed(client: Client) -> None:
    Redirect.add_redirect("/round/", redirect_to="/round/")
    assert client.get("/round/").status_code == 404
    assert client.get("/round/?q=again").status_code == 404


def test_what_is_sent_to_an_old_address_is_not_turned_into_a_visit(client: Client) -> None:
    add("About us")
    Redirect.add_redirect("/old/", redirect_to="/about-us/")
    assert client.post("/old/", {"a": "b"}).status_code == 404
    assert client.head("/old/").status_code == 301


@pytest.mark.parametrize(
    "address", ["/%00/", "/%ED%A0%80/", f"/{'x' * 5000}/", "/a;b=c/?%00", "/caf%C3%A9/", "//x//"]
)
def test_a_strange_address_is_not_found(client: Client, address: str) -> None:
    Redirect.add_redirect("/old/", redirect_to="/about-us/")
    assert client.get(address).status_code in (400, 404)
