"""A resource on its page and in the words of machines: each kind, and what search knows of it."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from learning_hub.resources.documents import ResourceSource
from learning_hub.resources.models import ResourcePage
from learning_hub.taxonomy.models import Region, Specialty
from search import registry
from tests.factories.resources import make_file, make_full_report, make_resource

pytestmark = pytest.mark.django_db


def read(client: Client, page: Page) -> str:
    response = client.get(page.url)
    assert response.status_code == 200
    return response.content.decode()


def described(html: str) -> dict[str, Any]:
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(text[1])[0]


def test_a_report_shows_its_highlights_files_and_where_it_is(client: Client) -> None:
    html = read(client, make_full_report())
    assert re.search(r"£26 <span[^>]+>million</span>", html)
    assert "<li>Experience gained elsewhere counts</li>" in html
    assert "PDF" in html
    assert "a PDF of 40 pages" in html
    assert "open to everyone, without signing in" in html
    found = described(html)
    assert found["@type"] == ["LearningResource", "Report"]
    assert found["datePublished"] == "2022-06-14"
    assert found["publisher"]["name"] == "General Medical Council"
    assert found["isBasedOn"] == "https://www.gmc-uk.org/report"


def test_a_link_says_what_is_behind_it_and_that_one_has_to_sign_in(client: Client) -> None:
    html = read(client, make_resource(needs_sign_in=True))
    assert 'href="https://www.gmc-uk.org/"' in html
    assert "You have to sign in there" in html
    assert described(html)["isAccessibleForFree"] is False


@pytest.mark.parametrize(
    ("ending", "element", "kind"),
    [("mp3", "<audio", "AudioObject"), ("webm", "<video", "VideoObject")],
)
def test_a_recording_has_captions_and_a_transcript(
    client: Client, ending: str, element: str, kind: str
) -> None:
    page = make_resource("recording", recording=make_file(f"talk.{ending}", b"x"))
    html = read(client, page)
    assert element in html
    assert '<track kind="captions"' in re.sub(r"\s+", " ", html)
    assert "Welcome to the talk." in html
    found = described(html)
    assert found["@type"] == ["LearningResource", kind]
    assert found["transcript"] == "Welcome to the talk."
    assert found["contentUrl"].endswith(page.recording.url)


def test_a_transcript_that_would_run_does_not(client: Client) -> None:
    page = make_resource("recording")
    hostile = '<p>Hello<script>window.ran=1</script><img src=x onerror="x"></p>'
    ResourcePage.objects.filter(pk=page.pk).update(transcript=hostile)
    html = read(client, page)
    assert "window.ran" not in html.split("<main")[1]
    assert "onerror" not in html


def test_a_date_of_which_only_the_year_is_known_is_given_as_a_year(client: Client) -> None:
    page = make_resource(published_on=dt.date(2022, 1, 1), date_precision="year")
    html = read(client, page)
    assert "1 January" not in html
    assert described(html)["datePublished"] == "2022"


def test_search_knows_the_resource_by_its_date_terms_and_everything_in_it() -> None:
    page = make_full_report(
        specialties=[Specialty.objects.get(slug="urology")],
        regions=[Region.objects.get(slug="london")],
    )
    document = ResourceSource().documents([page.pk])[page.pk]
    assert document.kind == "resource"
    assert document.published_at.year == 2022
    assert document.facets["region"] == ("london",)
    assert "urology" in document.facets["specialty"]
    for part in ("£26 million was invested", "supervision", "Report.", "The file report.pdf"):
        assert part in document.body
    assert ("resource", "Resources") in [(kind.value, kind.label) for kind in registry.kinds()]


@pytest.mark.usefixtures("search_index")
def test_search_finds_a_transcript_and_narrows_by_kind_and_region(client: Client) -> None:
    make_resource("recording", "A talk", transcript="<p>On endoscopy lists.</p>",
                  regions=[Region.objects.get(slug="london")])  # fmt: skip
    for address, is_found in (
        ("?q=endoscopy&type=resource&region=london", True),
        ("?q=endoscopy&type=resource&region=midlands", False),
        ("?q=endoscopy&type=update", False),
    ):
        response = client.get(f"/search/{address}")
        assert response.status_code == 200
        assert ('href="/resources/a-talk/"' in response.content.decode()) == is_found


def test_the_documents_of_many_resources_take_a_fixed_number_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    ids = [make_full_report(slug=f"report-{number}").pk for number in range(5)]
    with django_assert_max_num_queries(9):
        assert len(ResourceSource().documents(ids)) == 5
