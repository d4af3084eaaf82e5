"""Pages as search engines and other machines find them."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from learning_hub.pages.discovery import PageSitemap
from learning_hub.pages.models import InformationPage
from learning_hub.pages.structured_data import types_of
from tests.factories.case_studies import make_case_study
from tests.factories.syllabus import make_module

pytestmark = pytest.mark.django_db


def home() -> Page:
    return Site.objects.get(is_default_site=True).root_page


def add(title: str, **fields: Any) -> InformationPage:
    return home().add_child(instance=InformationPage(title=title, **fields))


def addresses(client: Client, at: str = "/sitemap.xml") -> list[str]:
    response = client.get(at)
    assert response.status_code == 200
    return re.findall(r"<loc>http://testserver(.*?)</loc>", response.content.decode())


def described(client: Client, address: str) -> dict[str, Any]:
    """The descriptions on a page by their type; one of several types under each."""
    response = client.get(address)
    assert response.status_code == 200
    [text] = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', response.content.decode()
    )
    return {name: each for each in json.loads(text) for name in types_of(each)}


def test_the_sitemap_lists_every_page_that_anyone_may_see(client: Client) -> None:
    add("About us")
    make_case_study("Simulated lists")
    found = addresses(client)
    assert {"/", "/about-us/", "/case-studies/", "/case-studies/simulated-lists/"} <= set(found)
    assert len(found) == len(set(found))


def test_the_sitemap_lists_nothing_that_is_hidden(client: Client) -> None:
    planted = addresses(client)
    add("Draft", live=False)
    add("Expired", expire_at=timezone.now() - dt.timedelta(minutes=1))
    private = add("Private")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    add("Public").create_alias(update_slug="public-again")
    assert addresses(client) == [*planted, "/public/"]


def test_the_sitemap_asks_the_same_queries_for_any_number_of_pages(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        add(f"Page {number}")
    addresses(client)
    with django_assert_max_num_queries(6):
        assert len(addresses(client)) > 20


def test_a_sitemap_that_is_too_long_lists_its_parts(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    planted = len(addresses(client))
    monkeypatch.setattr(PageSitemap, "limit", 4)
    for number in range(6):
        add(f"Page {number}")
    whole = client.get("/sitemap.xml")
    assert whole.status_code == 200
    assert b"<sitemapindex" in whole.content
    assert whole["X-Robots-Tag"].startswith("noindex")
    parts = addresses(client)
    assert parts == [f"/sitemap.xml?p={1 + n}" for n in range(-(-(planted + 6) // 4))]
    pages = addresses(client, parts.pop(0))
    for part in parts:
        with django_assert_max_num_queries(6):
            pages += addresses(client, part)
    assert len(pages) == len(set(pages)) == planted + 6


def test_the_sitemap_says_when_a_page_was_last_published(client: Client) -> None:
    page = add("About us")
    moment = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    Page.objects.filter(pk=page.pk).update(last_published_at=moment)
    text = client.get("/sitemap.xml").content.decode()
    assert "/about-us/</loc><lastmod>2026-03-02</lastmod>" in text


@pytest.mark.parametrize("page", ["2", "0", "x", "\x00"])
def test_a_part_of_the_sitemap_that_is_not_there_is_not_found(client: Client, page: str) -> None:
    assert client.get("/sitemap.xml", {"p": page}).status_code == 404


def test_robots_are_told_where_the_sitemap_is_and_what_is_closed(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert "Sitemap: http://testserver/sitemap.xml\n" in text
    assert "Disallow: /my/\n" in text
    assert "Disallow: /\n" not in text


def test_a_page_has_one_address_whatever_it_was_asked_with(client: Client) -> None:
    make_case_study()
    response = client.get("/case-studies/?q=theatre&sort=title")
    assert response.status_code == 200
    canonical = '<link rel="canonical" href="http://testserver/case-studies/">'
    assert response.content.decode().count(canonical) == 1


def test_what_is_no_page_of_the_tree_has_neither(client: Client) -> None:
    html = client.get("/accounts/login/").content.decode()
    assert "canonical" not in html
    assert "ld+json" not in html


def test_a_study_is_described_as_an_article_with_its_trail(client: Client) -> None:
    study = make_case_study("Simulated lists", organisation="Fictional Trust")
    found = described(client, study.url)
    assert found["Article"]["headline"] == "Simulated lists"
    assert found["Article"]["author"]["name"] == "Fictional Trust"
    assert found["Article"]["url"] == "http://testserver/case-studies/simulated-lists/"
    trail = found["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in trail] == ["Home", "Case studies", "Simulated lists"]
    assert [step["position"] for step in trail] == [1, 2, 3]


def test_a_module_is_a_course_and_a_lesson_something_to_learn_from(client: Client) -> None:
    module = make_module(minutes=30)
    course = described(client, module.url)["Course"]
    assert (course["timeRequired"], course["educationalLevel"]) == ("PT30M", "Level 1")
    assert course["teaches"] == ["Recognise 0"]
    lesson = described(client, module.lessons[0].url)["LearningResource"]
    assert lesson["name"] == "Lesson 1"
    assert "timeRequired" not in lesson


def test_a_title_cannot_break_out_of_its_description(client: Client) -> None:
    title = "</script><script>alert(1)</script>&amp;"
    page = add(title, slug="hostile")
    assert described(client, page.url)["WebPage"]["name"] == title
    assert "<script>alert" not in client.get(page.url).content.decode()


def test_the_old_address_of_a_page_that_moved_leads_to_the_new_one(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    page = add("About us")
    page.slug = "about-the-hub"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    response = client.get("/about-us/")
    assert response.status_code == 301
    assert response["Location"] == "/about-the-hub/"
