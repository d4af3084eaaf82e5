"""The site's own search, and what it suggests while someone types."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from learning_hub.home.documents import InformationSource
from learning_hub.pages.models import InformationPage
from search import registry
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.usefixtures("db", "search_index")


@pytest.fixture
def about(db: None) -> InformationPage:
    home = Site.objects.get(is_default_site=True).root_page
    body = [{"type": "paragraph", "value": "<p>Simulated lists are explained.</p>"}]
    page = InformationPage(title="About lists", introduction="What this is.", body=body)
    return home.add_child(instance=page)


def suggest(client: Client, typed: str, **parameters: str) -> list[dict[str, Any]]:
    response = client.get("/search/suggestions/", {"q": typed, **parameters})
    assert response.status_code == 200
    return response.json()["suggestions"]


def test_pages_of_every_kind_are_found(client: Client, about: InformationPage) -> None:
    make_case_study("Simulated lists")
    response = client.get("/search/?q=simulated+lists")
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert page.h1.get_text() == "2 pages about “simulated lists”"
    found = {
        card.h3.get_text().strip(): (card.a["href"], card.p.get_text())
        for card in page.select(".find-card")
    }
    assert found == {
        "Simulated lists": ("/case-studies/simulated-lists/", "Case study"),
        "About lists": ("/about-lists/", "Information page"),
    }


def test_the_whole_site_is_narrowed_by_the_facets_of_its_listings(
    client: Client, about: InformationPage
) -> None:
    make_case_study("Simulated lists")
    response = client.get("/search/?q=lists&region=north-west")
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert page.h1.get_text() == "1 page about “lists” in the North West"


def rows_of(client: Client, address: str) -> dict[str, str]:
    """The rows of the facet of kinds, by the value in the address."""
    response = client.get(address)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    return {
        box["value"]: box.find_parent("label").get_text(" ", strip=True)
        for box in page.select("#facet-type input")
    }


def test_the_whole_site_is_narrowed_by_the_type_of_page(
    client: Client, about: InformationPage
) -> None:
    make_case_study("Simulated lists")
    response = client.get("/search/?q=lists&type=information")
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert page.h1.get_text() == "1 page about “lists” of type Information"
    assert [card.h3.get_text().strip() for card in page.select(".find-card")] == ["About lists"]
    rows = rows_of(client, "/search/?q=lists&type=information")
    assert rows["case-study"] == "Case studies (1)"
    assert rows["information"] == "Information (1)"
    assert rows["module"] == "Syllabus modules (0)"


def test_a_type_of_page_that_is_not_there_is_left_out_and_said_so(client: Client) -> None:
    response = client.get("/search/?type=nonsense")
    assert response.status_code == 200
    assert "There is no type of page “nonsense”" in response.content.decode()


def test_a_new_kind_of_page_is_in_the_facet_without_a_change_of_search(
    client: Client, about: InformationPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_sources", dict(registry._sources))

    class Notices(InformationSource):
        kind = "notice"
        label = "Notices"

    registry.register_source(Notices())
    assert rows_of(client, "/search/?q=lists")["notice"] == "Notices (1)"


def test_values_titles_and_words_are_suggested(client: Client) -> None:
    study = make_case_study("Urology evenings")
    found = suggest(client, "urol", collection="case-studies")
    assert found[0] == {
        "kind": "facet",
        "label": "Urology",
        "detail": "Specialty",
        "query": "?specialty=urology",
        "url": None,
    }
    title = next(each for each in found if each["kind"] == "title")
    assert (title["label"], title["url"]) == (study.title, study.url)


@pytest.mark.parametrize("typed", ["", "u", "  "])
def test_too_little_suggests_nothing(client: Client, typed: str) -> None:
    make_case_study("Urology evenings")
    assert suggest(client, typed) == []


def test_an_unknown_listing_means_the_whole_site(client: Client, about: InformationPage) -> None:
    found = suggest(client, "abou", collection="atlantis")
    assert [each["label"] for each in found if each["kind"] == "title"] == ["About lists"]


@pytest.mark.parametrize("path", ["/search/", "/search/suggestions/"])
def test_only_reading_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/search/", "/case-studies/", "/case-studies/feed/"])
def test_an_index_that_is_behind_shows_nothing_of_a_page_that_was_closed(
    client: Client, path: str
) -> None:
    study = make_case_study("Simulated lists")
    shown = client.get(path)
    assert shown.status_code == 200
    assert b"Simulated lists" in shown.content
    # In bulk, as the journal does not hear of it: the index still holds the study as public.
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page=study, restriction_type=PageViewRestriction.LOGIN)]
    )
    kept_from_us = client.get(path)
    assert kept_from_us.status_code == 200
    assert b"Simulated lists" not in kept_from_us.content


def test_an_index_that_is_behind_suggests_no_title_that_was_closed(client: Client) -> None:
    study = make_case_study("Simulated lists")
    assert "title" in {suggestion["kind"] for suggestion in suggest(client, "simul")}
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page=study, restriction_type=PageViewRestriction.LOGIN)]
    )
    assert "title" not in {suggestion["kind"] for suggestion in suggest(client, "simul")}
