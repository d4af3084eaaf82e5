"""The picture that other sites show beside a link, and what they are told with it."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, PageViewRestriction, Site

from learning_hub.accounts.roles import TRAINEES
from learning_hub.pages.models import InformationPage
from learning_hub.pages.social_card import card_address
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def add(title: str = "About us", parent: Page | None = None, **fields: Any) -> InformationPage:
    home = Site.objects.get(is_default_site=True).root_page
    return (parent or home).add_child(instance=InformationPage(title=title, **fields))


def hide(page: Page, how: str) -> None:
    """Take `page` away from some or all, in the way that is named."""
    if how == "draft":
        page.unpublish()
    elif how == "expired":
        Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - dt.timedelta(minutes=1))
    elif how == "deleted":
        page.delete()
    else:
        PageViewRestriction.objects.create(page=page, restriction_type=how, password="open")


def meta(client: Client, address: str) -> dict[str, str]:
    """What the page's head says, by name or property."""
    response = client.get(address)
    assert response.status_code == 200
    found = re.findall(
        r'<meta (?:name|property)="([^"]+)"\s+content="([^"]*)">', response.content.decode()
    )
    assert len(found) == len({name for name, _ in found})
    return {name: unescape(content) for name, content in found}


def test_the_card_is_a_picture_that_is_kept_for_good(client: Client) -> None:
    response = client.get(card_address(make_case_study()))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert "immutable" in response["Cache-Control"]
    assert "public" in response["Cache-Control"]
    picture = Image.open(BytesIO(response.content))
    assert picture.size == (1200, 630)
    assert len(response.content) < 60_000


def test_the_card_changes_its_address_with_the_title_and_the_old_one_leads_on(
    client: Client,
) -> None:
    page = add("About us")
    old = card_address(page)
    page.title = "About the hub"
    page.save()
    new = card_address(page)
    assert new != old
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (302, new)
    assert response["Cache-Control"] == "no-cache"
    assert client.get(new).status_code == 200


@pytest.mark.parametrize("how", ["draft", "expired", "deleted", "login", "password", "groups"])
@pytest.mark.parametrize("digest", ["right", "wrong"])
def test_only_what_anyone_may_see_has_a_card(client: Client, how: str, digest: str) -> None:
    page = add("A secret plan", add(), slug="plan")  # the footer does not show it
    address = card_address(page)
    if digest == "wrong":
        address = re.sub(r"-\w{16}\.png", f"-{'0' * 16}.png", address)
    hide(page, how)
    client.force_login(make_person("alice@example.org", TRAINEES), backend=BACKEND)
    response = client.get(address)
    assert response.status_code == 404
    assert b"secret" not in response.content


@pytest.mark.parametrize("how", ["login", "groups"])
def test_the_head_of_a_closed_page_passes_nothing_on(client: Client, how: str) -> None:
    page = add("A secret plan", slug="plan", search_description="What nobody knows")
    hide(page, how)
    admin = make_person("admin@example.org")
    admin.is_superuser = True
    admin.save()
    client.force_login(admin, backend=BACKEND)
    if how == "groups":
        PageViewRestriction.objects.get().groups.set(admin.groups.all())
    response = client.get(page.url)
    assert response.status_code in (200, 302)
    assert b"og:title" not in response.content
    assert b"og:image" not in response.content


@pytest.mark.parametrize(
    "address",
    [
        "/social-card/999999999999999999-0123456789abcdef.png",
        "/social-card/99999999999999999999-0123456789abcdef.png",
        "/social-card/0-0123456789abcdef.png",
        "/social-card/1-0123456789abcdef.png",  # the root of the tree is no page of ours
        "/social-card/x.png",
        "/social-card/%00-0123456789abcdef.png",
    ],
)
def test_a_card_of_nothing_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_study_tells_other_sites_what_it_is(client: Client) -> None:
    study = make_case_study("Lists & “more”", one_line_result="Six more cases each")
    found = meta(client, f"{study.url}?utm_source=x")
    assert found["og:type"] == "article"
    assert found["og:title"] == "Lists & “more”"
    assert found["og:url"] == f"http://testserver{study.url}"
    assert found["og:description"] == "Six more cases each"
    assert found["og:image"] == f"http://testserver{card_address(study)}"
    assert found["og:image:alt"] == "Case study: Lists & “more”"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["twitter:card"] == "summary_large_image"


def test_what_is_no_page_of_the_tree_shows_the_card_of_the_site(client: Client) -> None:
    found = meta(client, "/accounts/login/")
    assert found["og:image"] == "http://testserver/static/images/social-card.png"
    assert found["og:type"] == "website"
    assert "og:title" not in found  # the title of the document serves


def test_a_preview_costs_a_page_no_query(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = add()

    def cost() -> int:
        client.get(page.url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page.url).status_code == 200
        return len(captured)

    shown = cost()
    monkeypatch.setattr("learning_hub.pages.link_preview.link_preview", lambda *_: None)
    assert cost() == shown


def test_a_card_asks_the_same_queries_for_any_title(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    address = card_address(make_case_study("W" * 255))
    client.get(address)
    with django_assert_max_num_queries(3):
        assert client.get(address).status_code == 200
