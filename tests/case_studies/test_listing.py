"""The library's page: what it says, counts, offers and forgives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from time import monotonic
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from case_studies.models import CaseStudyPage
from learning_hub.taxonomy.models import Region
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_case_study, make_library

Open = Callable[..., BeautifulSoup]


@pytest.fixture
def studies(db: None) -> dict[str, CaseStudyPage]:
    """A small library: two surgical studies in the North West, one in London, one of GP."""
    return {
        "boxes": make_case_study(
            "Take-home laparoscopic boxes",
            one_line_result="Trainees scored 9 points higher",
            specialties=["general-surgery"],
            evidence="level-3",
            is_illustrative=True,
            effect_size="large",
            problem="<p>Theatre lists were <b>cancelled</b> for months.</p>",
        ),
        "ladder": make_case_study(
            "A resection ladder", specialties=["urology"], started_on=dt.date(2023, 1, 1)
        ),
        "london": make_case_study(
            "Saturday lists", specialties=["urology"], regions=["london"], evidence="level-4"
        ),
        "practice": make_case_study(
            "Joint surgeries in practice",
            specialties=["general-practice"],
            regions=["midlands"],
            intervention_types=["wellbeing-support"],
            evidence="no-effect",
        ),
    }


def row(page: BeautifulSoup, facet: str, value: str) -> tuple[Tag, str]:
    """The box of a facet's value, and the text beside it."""
    box = page.select_one(f'input[name="{facet}"][value="{value}"]')
    assert box is not None
    return box, " ".join(box.find_parent("label").get_text().split())


def titles(page: BeautifulSoup) -> list[str]:
    return [heading.get_text().strip() for heading in page.select(".find-card__heading")]


def heading(page: BeautifulSoup) -> str:
    return page.h1.get_text().strip()


def test_the_library_reads_back_what_it_shows(open_library: Open, studies: dict) -> None:
    page = open_library()
    assert heading(page) == "4 case studies"
    assert page.title.string == "4 case studies – Learning Hub"
    assert page.select_one("[role=status][data-find-status]") is not None
    assert page.select(".find-tag") == []


def test_a_card_says_what_a_trainer_needs_to_choose(open_library: Open, studies: dict) -> None:
    page = open_library("?q=boxes")
    assert titles(page) == ["Take-home laparoscopic boxes"]
    card = page.select_one(".find-card")
    text = " ".join(card.get_text(" ").split())
    for said in (
        "Illustrative",
        "Trainees scored 9 points higher",
        "Wharfe Valley Teaching Hospitals (fictional) · North West",
        "Specialty General surgery",
        "Evidence Level 3: short-term effect shown",
        "Effect Large improvement",
        "Cost Cost not reported",
    ):
        assert said in text
    assert card.select_one("a")["href"] == "/case-studies/take-home-laparoscopic-boxes/"
    assert [mark.string for mark in card.select("mark")] == ["boxes"]


def test_words_found_in_the_text_are_shown_where_they_stand(
    open_library: Open, studies: dict
) -> None:
    page = open_library("?q=cancelled")
    assert titles(page) == ["Take-home laparoscopic boxes"]
    excerpt = page.select_one(".find-card__excerpt")
    assert "Theatre lists were cancelled for months." in " ".join(excerpt.get_text().split())
    assert excerpt.mark.string == "cancelled"


def test_a_term_that_was_asked_for_is_named_without_the_others(
    open_library: Open, studies: dict
) -> None:
    excerpt = open_library("?q=urology").select_one(".find-card__excerpt")
    assert " ".join(excerpt.get_text().split()) == "Filed under: Urology"


def test_values_of_a_facet_widen_and_facets_narrow(open_library: Open, studies: dict) -> None:
    both = open_library("?region=london&region=midlands")
    assert heading(both) == "2 case studies in London or the Midlands"
    page = open_library("?region=london&region=midlands&specialty=surgery")
    assert titles(page) == ["Saturday lists"]


def test_counts_ignore_the_selection_of_their_own_facet(open_library: Open, studies: dict) -> None:
    page = open_library("?region=london")
    assert row(page, "region", "north-west")[1] == "North West (2)"
    assert row(page, "specialty", "general-surgery")[1] == "General surgery (0)"


def test_a_value_that_would_find_nothing_is_disabled_and_not_hidden(
    open_library: Open, studies: dict
) -> None:
    page = open_library()
    box, text = row(page, "region", "south-east")
    assert text == "South East (0)"
    assert box.has_attr("disabled")
    assert len(page.select("input[name=specialty]")) > 65


def test_a_chosen_value_that_finds_nothing_can_be_let_go(open_library: Open, studies: dict) -> None:
    box, text = row(open_library("?region=south-east"), "region", "south-east")
    assert text == "South East (0)"
    assert box.has_attr("checked")
    assert not box.has_attr("disabled")


def test_a_group_of_specialties_can_be_chosen_as_one(open_library: Open, studies: dict) -> None:
    page = open_library("?specialty=surgery")
    assert heading(page) == "3 case studies for Surgery"
    box, text = row(page, "specialty", "surgery")
    assert text == "Surgery (3)"
    below = box.find_parent("li").select("details input")
    assert {"urology", "general-surgery"} <= {narrower["value"] for narrower in below}


def test_a_chosen_value_is_in_sight_however_deep_it_stands(
    open_library: Open, studies: dict
) -> None:
    page = open_library("?specialty=urology&setting=acute")
    assert row(page, "specialty", "urology")[0].find_parent("details").has_attr("open")
    assert page.select_one("#facet-setting").has_attr("open")
    assert not page.select_one("#facet-impact").has_attr("open")


def test_each_tag_takes_itself_away(open_library: Open, studies: dict) -> None:
    page = open_library("?q=ladder&region=north-west&specialty=urology&sort=title")
    tags = {tag.get_text(): tag["href"] for tag in page.select(".find-tag")}
    assert tags == {
        "Remove Words: “ladder”×": "/case-studies/?specialty=urology&region=north-west&sort=title",
        "Remove Specialty: Urology×": "/case-studies/?q=ladder&region=north-west&sort=title",
        "Remove Region: North West×": "/case-studies/?q=ladder&specialty=urology&sort=title",
    }
    assert page.select_one(".find-clear")["href"] == "/case-studies/?sort=title"


@pytest.mark.parametrize(
    ("order", "first"),
    [("title", "A resection ladder"), ("evidence", "Saturday lists"), ("", "Joint surgeries")],
)
def test_results_come_in_the_chosen_order(
    open_library: Open, studies: dict, order: str, first: str
) -> None:
    now = timezone.now()
    for days, study in enumerate(reversed(studies.values())):
        study.first_published_at = now - dt.timedelta(days=days)
        study.save()
    page = open_library(f"?sort={order}")
    assert titles(page)[0].startswith(first)


def test_the_best_match_is_no_order_where_there_are_no_words(
    open_library: Open, studies: dict
) -> None:
    orders = [option.string for option in open_library().select("#find-sort option")]
    assert orders == ["Newest first", "Title, A to Z", "Strongest evidence first"]
    orders = [option.string for option in open_library("?q=lists").select("#find-sort option")]
    assert orders[0] == "Best match"


def test_a_long_list_is_divided_into_pages(open_library: Open, db: None) -> None:
    for number in range(23):
        make_case_study(f"Study {number:02}")
    page = open_library("?sort=title")
    assert len(titles(page)) == 20
    assert page.select_one("a[rel=next]")["href"] == "/case-studies/?sort=title&page=2"
    second = open_library("?sort=title&page=2")
    assert titles(second) == ["Study 20", "Study 21", "Study 22"]
    assert heading(second) == "23 case studies (page 2 of 2)"


def test_a_misspelt_word_still_finds_and_the_right_one_is_offered(
    open_library: Open, studies: dict
) -> None:
    page = open_library("?q=laparascopic")
    assert titles(page) == ["Take-home laparoscopic boxes"]
    assert page.select_one(".find-suggestion a")["href"] == "/case-studies/?q=laparoscopic"


def test_an_empty_result_says_what_to_leave_out_with_counts(
    open_library: Open, studies: dict
) -> None:
    page = open_library("?q=ladder&region=london")
    assert heading(page) == "No case studies about “ladder” in London"
    ways = {way.a["href"]: way.get_text().split()[-1] for way in page.select(".find-nothing ul li")}
    assert ways == {"/case-studies/?q=ladder": "1", "/case-studies/?region=london": "1"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("?region=atlantis", "There is no region “atlantis”"),
        ("?page=0", "There is no page number “0”"),
        ("?page=nan", "There is no page number “nan”"),
        ("?page=999", "page 999 is not there"),
        ("?sort=colour", "There is no order “colour”"),
        ("?specialty=urology&specialty=%00", "There is no specialty"),
    ],
)
def test_what_cannot_be_is_ignored_and_said_so(
    open_library: Open, studies: dict, address: str, said: str
) -> None:
    page = open_library(address)
    assert said in page.select_one(".find-notice").get_text()
    assert titles(page)


def test_a_former_office_leads_to_its_region(open_library: Open, studies: dict) -> None:
    region = Region.objects.get(slug="london")
    office = region.former_offices.first()
    page = open_library(f"?region={office.slug}")
    assert titles(page) == ["Saturday lists"]
    assert page.select_one(".find-notice") is None
    assert "Saturday lists" in titles(open_library(f"?q={quote(office.name)}"))


HOSTILE = {
    "100 kB of text": f"?q={'cataract%20' * 9_000}",
    "a word of 100 kB": f"?q={'a' * 100_000}",
    "NUL": "?q=a%00b&region=%00&page=%00",
    "lone surrogates": "?q=%ed%a0%80&specialty=%ed%a0%80&sort=%ed%a0%80",
    "right to left": "?q=%d8%aa%d8%af%d8%b1%d9%8a%d8%a8%e2%80%ae",
    "markup": "?q=%3Cscript%3Ealert(1)%3C/script%3E&region=%22%3E%3Cimg%20onerror=x%3E",
    "500 values": "?" + "&".join(f"region=r{number}" for number in range(500)),
    "controls": "?q=%01%02%1f%7f%ef%bf%be",
    "a huge page": f"?page={'9' * 5_000}",
    "quotation marks": "?q=%22%22%22%22%20%22lists",
}


PATHS = (
    "/case-studies/",
    "/case-studies/feed/",
    "/case-studies/compare/",
    "/api/v1/case-studies/",
    "/search/",
    "/search/suggestions/",
)


@pytest.mark.parametrize("path", PATHS)
def test_hostile_input_is_answered_at_once(
    studies: dict, search_index: Any, client: Client, path: str
) -> None:
    assert client.get("/case-studies/").status_code == 200
    for name, address in HOSTILE.items():
        started = monotonic()
        response = client.get(path + address)
        assert response.status_code in (200, 400), name
        assert monotonic() - started < 1, name
        if response.headers["Content-Type"].startswith("text/html"):
            assert b"<script>alert" not in response.content
            assert b"<img onerror" not in response.content


def _queries(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200  # what is read once is read now
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


MOST_QUERIES = 12
ADDRESSES = ["/case-studies/", "/case-studies/?q=study&region=north-west&specialty=surgery"]


def test_the_number_of_queries_does_not_grow_with_the_library(
    db: None, search_index: Any, client: Client
) -> None:
    for number in range(3):
        make_case_study(f"Study {number}")
    few = [_queries(client, address) for address in ADDRESSES]
    terms = ["urology", "general-surgery", "paediatric-surgery"]
    for number in range(57):
        make_case_study(f"Study of more {number}", specialties=terms, regions=["north-west"])
    assert [_queries(client, address) for address in ADDRESSES] == few
    assert max(few) <= MOST_QUERIES


def test_a_member_costs_no_more_queries_than_her_session(
    db: None, search_index: Any, client: Client
) -> None:
    make_case_study("Study 1")
    nobody = _queries(client, ADDRESSES[1])
    alice = make_person("alice@example.org")
    alice.groups.add(Group.objects.create(name="Readers"), Group.objects.create(name="Writers"))
    client.force_login(alice)
    # The session, the person, her groups.
    signed_in = [_queries(client, address) for address in ADDRESSES]
    assert signed_in[1] == nobody + 3
    assert max(signed_in) <= MOST_QUERIES


def test_the_page_is_light(db: None, search_index: Any, client: Client) -> None:
    for number in range(25):
        make_case_study(f"Study {number}")
    response = client.get("/case-studies/", headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < 20_000


def test_the_alert_the_feed_and_the_data_are_offered_for_the_same_search(
    open_library: Open, studies: dict
) -> None:
    page = open_library("?region=london&page=1")
    assert page.select_one('link[type="application/atom+xml"]')["href"] == (
        "/case-studies/feed/?region=london"
    )
    offered = [link["href"] for link in page.select(".find-elsewhere a")]
    assert offered == [
        "/alerts/new/?region=london",
        "/case-studies/feed/?region=london",
        "/api/v1/case-studies/?region=london",
    ]


def test_an_empty_library_says_so(open_library: Open, db: None) -> None:
    make_library()
    assert heading(open_library()) == "No case studies"
