"""The page of guidance: what it shows, at which addresses, and at what price."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from learning_hub.guidance.models import GuidanceFile, GuidancePage, Recommendation
from learning_hub.taxonomy.models import Setting
from tests.factories.case_studies import make_case_study, make_document
from tests.factories.guidance import make_guidance, make_superseded

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(soup):
    return re.sub(r"\s+", " ", soup.get_text(" "))


def make_full():
    page = make_guidance(
        version_label="2",
        issued_on="2021-08-01",
        source="Our own words.",
        campaign_name="#TrainToday",
        campaign_url="https://example.org/campaign",
        messages=[("message", {"message": "Everyone trains", "explanation": "No exceptions."})],
        versions=[
            (
                "version",
                {
                    "version": "1",
                    "issued_on": "2020-01-01",
                    "what_changed": "First issue.",
                    "document": make_document("The first text"),
                },
            )
        ],
        body=[("paragraph", "<p>More to read.</p>")],
    )
    recommendation = page.recommendations.get()
    recommendation.audience = "Employers"
    recommendation.setting = Setting.objects.get(slug="acute")
    recommendation.setting_detail = "operating theatres"
    recommendation.explanation = "<p>Start small.<script>alert(1)</script></p>"
    page.recommendations = [recommendation]
    page.files = [GuidanceFile(document=make_document("A poster"), description="For the wall.")]
    page.save()
    return GuidancePage.objects.get(pk=page.pk)


def test_the_page_shows_every_part_of_full_guidance(client):
    text = words(read(client, make_full().url))
    for part in (
        "How to train on every list.",
        "A committee (fictional)",
        "Employers",
        "Everyone trains",
        "No exceptions.",
        "Plan a training case on every list",
        ": operating theatres",
        "Start small.",
        "A poster",
        "For the wall.",
        "#TrainToday",
        "version 2",
        "1 August 2021",
        "First issue.",
        "The first text",
        "More to read.",
        "Our own words.",
    ):
        assert part in text, part
    assert "alert(1)" not in text


def test_a_recommendation_has_an_address_that_it_links_to_itself(client):
    soup = read(client, make_guidance().url)
    item = soup.find(id="plan-a-training-case-on-every-list")
    assert "Plan a training case" in item.get_text()
    link = item.find("a", href="#plan-a-training-case-on-every-list")
    assert link.get_text().startswith("Link to this")


def test_an_anchor_stays_when_the_text_changes():
    page = make_guidance()
    row = page.recommendations.get()
    row.text = "Plan two training cases on every list"
    page.recommendations = [row, Recommendation(text="Plan a training case on every list")]
    page.save_revision().publish()
    slugs = list(page.recommendations.values_list("slug", flat=True))
    assert slugs == ["plan-a-training-case-on-every-list", "plan-a-training-case-on-every-list-2"]


def test_texts_without_letters_get_anchors_too():
    page = make_guidance(recommendations=("???", "!!!", "maincontent", "x" * 200))
    slugs = list(page.recommendations.values_list("slug", flat=True))
    assert slugs == ["recommendation", "recommendation-2", "maincontent-2", "x" * 60]


def test_a_recommendation_shows_the_studies_that_the_visitor_may_see(client, django_user_model):
    page = make_guidance(recommendations=("One", "Two"))
    one, two = page.recommendations.all()
    other = make_guidance("Other").recommendations.get()
    shown = make_case_study("Shown", recommendations=[one, other])
    private = make_case_study("Private", recommendations=[one])
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    make_case_study("Draft", recommendations=[one], live=False)
    assert shown.recommendations.count() == 2

    soup = read(client, page.url)
    assert "1 case study shows this in use" in words(soup.find(id="one"))
    assert soup.find(id="one").find("a", string="Shown")["href"] == shown.url
    assert "Private" not in words(soup)
    assert "Draft" not in words(soup)
    assert "case stud" not in words(soup.find(id="two"))
    assert two.slug == "two"

    client.force_login(
        django_user_model.objects.create_user("alice@example.org", "x"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert "2 case studies show this in use" in words(read(client, page.url).find(id="one"))


def count_queries(client, address):
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_rows_and_studies(client):
    page = make_full()
    few = make_case_study("First", recommendations=list(page.recommendations.all()))
    small = count_queries(client, page.url)
    rows = [*page.recommendations.all(), *(Recommendation(text=f"R {n}") for n in range(20))]
    page.recommendations = rows
    page.files = [GuidanceFile(document=make_document(f"F{n}")) for n in range(20)]
    page.save()
    for number in range(20):
        make_case_study(f"Study {number}", recommendations=list(page.recommendations.all()))
    assert few.live
    large = count_queries(client, page.url)
    assert small == large <= MOST_QUERIES


def test_led_on_and_kept_pages_stay_within_the_budget(client):
    page = make_full()
    old = make_superseded(page)
    assert count_queries(client, f"{page.url}?from={old.slug}") <= MOST_QUERIES
    assert count_queries(client, f"{old.url}?version=kept") <= MOST_QUERIES


def test_machines_read_who_issued_it_and_whether_it_holds(client):
    page = make_full()
    script = read(client, page.url).find("script", type="application/ld+json")
    about = json.loads(script.string)[0]
    assert about["@type"] == ["Article", "LearningResource"]
    assert about["author"]["name"] == "A committee (fictional)"
    assert about["creativeWorkStatus"] == "Published"
    assert about["version"] == "2"


def test_unpublished_guidance_is_not_found(client):
    draft = make_guidance("Draft", live=False)
    assert client.get("/guidance/draft/").status_code == 404
    assert not draft.live


def test_guidance_cannot_take_the_address_of_the_feed():
    with pytest.raises(ValidationError, match="taken by the feed"):
        make_guidance("Feed", slug="feed")
