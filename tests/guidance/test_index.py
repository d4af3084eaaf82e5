"""The list of guidance, its feed and search: what holds first, and nothing that is closed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from learning_hub.taxonomy.models import Specialty
from tests.factories.guidance import (
    make_guidance,
    make_guidance_index,
    make_superseded,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
ADDRESSES = ["/guidance/", "/guidance/feed/"]


def read(client, address="/guidance/"):
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def make_private(title="Private rules", **fields):
    page = make_guidance(title, **fields)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    return page


def test_an_empty_list_says_so(client):
    make_guidance_index()
    assert "There is no guidance to show yet." in read(client)


def test_what_holds_comes_first_and_the_rest_says_what_became_of_it(client):
    new = make_guidance("New rules", issued_on="2024-05-01")
    make_superseded(new)
    make_withdrawn()
    html = read(client)
    order = ["Current guidance", "New rules", "No longer current", "Old rules", "Wrong rules"]
    assert [html.index(part) for part in order] == sorted(html.index(part) for part in order)
    assert "A committee (fictional), May 2024" in words(html).replace(" ,", ",")
    assert 'href="/guidance/old-rules/?version=kept"' in html
    assert "3 pieces of guidance" in html


def test_an_audience_narrows_the_list_and_the_feed(client):
    make_guidance("For employers", audiences=("Employers",))
    make_guidance("For schools", audiences=("Schools of surgery & TPDs", "Heads"))
    for address in ADDRESSES:
        html = read(client, f"{address}?audience=schools-of-surgery-tpds")
        assert "For schools" in html
        assert "For employers" not in html
        assert "for Schools of surgery & TPDs" in unescape(html)
    assert "1 piece of guidance" in read(client, "/guidance/?audience=heads")


@pytest.mark.parametrize(
    "query",
    ["audience=nobody", "audience=%00", "audience=%ED%A0%80", "audience=" + "x" * 5000,
     "audience=a&audience=b", "page=%00&audience=%27%22%3E%3Cscript%3E"],
)  # fmt: skip
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_audience_is_ignored_and_said_so(client, address, query):
    make_guidance("New rules")
    html = read(client, f"{address}?{query}")
    assert "New rules" in html
    assert "so all guidance is shown" in html
    assert "<script>" not in html.replace('<script type="application/ld+json">', "")


@pytest.mark.parametrize("page", ["0", "-1", "99", "9" * 400, "x", "1.5", "²", "%00", "%ED%A0%80"])
def test_an_unknown_page_is_ignored_and_said_so(client, page):
    make_guidance("New rules")
    html = read(client, f"/guidance/?page={page}")
    assert "New rules" in html
    assert "no such page of this list" in html


def test_a_long_list_has_pages_that_keep_the_audience(client):
    for number in range(21):
        make_guidance(f"Rules {number}")
    html = read(client, "/guidance/?audience=employers")
    assert "?audience=employers&page=2" in html
    assert "Current guidance" in read(client, "/guidance/?audience=employers&page=2")


@pytest.mark.parametrize("address", ADDRESSES)
def test_closed_and_unpublished_guidance_is_in_no_list_feed_or_count(client, address):
    make_guidance("New rules")
    make_private(audiences=("Secret society",))
    make_guidance("Draft rules", live=False, audiences=("Drafters",))
    html = read(client, address)
    for part in ("Private rules", "Secret society", "Draft rules", "Drafters"):
        assert part not in html
    assert "2 pieces" not in html
    assert "so all guidance is shown" in read(client, f"{address}?audience=secret-society")


def test_a_member_sees_what_is_for_members(client, django_user_model):
    make_private()
    client.force_login(
        django_user_model.objects.create_user("alice@example.org", "x"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert "Private rules" in read(client)


def test_the_feed_tells_what_no_longer_holds(client):
    make_superseded(make_guidance("New rules"))
    feed = read(client, "/guidance/feed/")
    assert "Superseded, no longer current. How to train on every list." in feed
    assert '<category term="Superseded"' in feed
    assert feed.count("<entry>") == 2


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_number_of_queries_does_not_grow(client, address):
    counts = []
    for wanted in (2, 20):
        for number in range(wanted):
            make_guidance(f"Rules {wanted} {number}", audiences=(f"A{wanted}{number}", "All"))
        read(client, address)
        with CaptureQueriesContext(connection) as caught:
            read(client, address)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_search_finds_messages_recommendations_audiences_and_campaigns(client, search_index):
    page = make_guidance(
        "New rules",
        campaign_name="#TrainToday",
        messages=[("message", {"message": "Zebras matter", "explanation": ""})],
        audiences=("Xylophonists",),
        recommendations=("Practise quietly",),
    )
    page.specialties = list(Specialty.objects.filter(slug="urology"))
    page.save()
    for word in ("zebras", "xylophonists", "quietly", "TrainToday"):
        assert "New rules" in words(read(client, f"/search/?q={word}")), word


def test_what_no_longer_holds_comes_after_what_replaces_it_and_says_so(client, search_index):
    rows = ("Practise quietly",)
    old = make_guidance("Theatre rules old", recommendations=rows)
    new = make_guidance("Theatre rules new", recommendations=rows)
    old.status, old.successor = "superseded", new
    old.save()
    html = words(read(client, "/search/?q=theatre+rules"))
    assert html.index("Theatre rules new") < html.index("Theatre rules old")
    assert "Superseded, no longer current." in html
    assert "Theatre rules old" not in words(read(client, "/search/?q=quietly"))


def test_private_guidance_is_not_found(client, search_index):
    make_private()
    assert "Private rules" not in read(client, "/search/?q=rules")
