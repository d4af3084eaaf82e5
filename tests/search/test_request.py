"""Any address is read without an error, and a request is written as the shortest address."""

from __future__ import annotations

import time

import pytest
from django.http import QueryDict

from case_studies.facets import library
from learning_hub.taxonomy import vocabulary
from search import query
from search import request as requests
from search.contract import PAGE_SIZE, SearchRequest
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(search_index):
    kept = vocabulary.current()
    return library(lambda: kept)


def read(collection, address: str):
    return requests.parse(collection, QueryDict(address))


def test_an_address_is_read(collection):
    make_case_study("One")
    request, notices = read(
        collection, "q=+theatre++list&region=london&region=midlands&sort=title&page=3&year=2021"
    )
    assert notices == []
    assert request == SearchRequest(
        text="theatre list",
        selections={"region": ("london", "midlands"), "year": ("2021",)},
        sort="title",
        page=3,
    )


def test_what_is_not_known_is_left_out_and_said(collection):
    request, notices = read(collection, "region=atlantis&region=london&sort=best&page=x&year=1999")
    assert request == SearchRequest(selections={"region": ("london",)})
    assert notices == [
        "There is no region “atlantis”, so it was left out.",
        "There is no year it started “1999”, so it was left out.",
        "There is no order “best”, so it was left out.",
        "There is no page number “x”, so it was left out.",
    ]


def test_a_former_name_leads_to_its_value_once(collection):
    region = next(value for value in collection.facet("region").values() if value.aliases)
    alias = region.aliases[0]
    request, notices = read(collection, f"region={alias}&region={region.value}&region={alias}")
    assert request.selections == {"region": (region.value,)}
    assert notices == []


@pytest.mark.parametrize(
    "page", ["0", "-1", "nan", "1e3", "٣", "²", "9" * 5_000, "1.0", "%00", "", "0x1", "None"]
)
def test_a_page_that_is_no_page_is_the_first(collection, page):
    request, notices = read(collection, f"page={page}&page_size={page}")
    assert (request.page, request.page_size) == (1, PAGE_SIZE)
    assert len(notices) == (2 if page else 0)


def test_an_address_of_the_api_may_ask_for_bigger_pages_up_to_a_hundred(collection):
    assert read(collection, "page_size=100")[0].page_size == 100
    assert read(collection, "page_size=101")[0].page_size == PAGE_SIZE


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "\ud800 theatre",
        "theatre " * 12_500,
        "x" * 100_000,
        '"' * 100_000,
        "“" * 50_000 + "a",
        "a&" * 50_000,
        "’s" * 50_000,
        "é" * 50_000 + "́" * 50_000,
        "مسرح <script>alert(1)</script>",
        "\u202e\ufeff\u200b",
        "the of and",
        '"the"',
        "- ( ) : * ? \\ ^ ~ [ ] { }",
        "simulaton " * 200,
    ],
)
def test_any_text_is_answered_within_a_second(collection, find, text):
    make_case_study("Simulated theatre lists")
    address = QueryDict(mutable=True)
    for key in ("q", "region", "year", "sort", "page"):
        address[key] = text
    find()
    started = time.monotonic()
    request, _ = requests.parse(collection, address)
    results = query.run(collection, request)
    assert time.monotonic() - started < 1
    assert "\x00" not in results.sentence
    results.sentence.encode()


def test_many_repeated_values_are_answered(collection):
    address = "&".join(["region=london"] * 5_000 + [f"region=r{n}" for n in range(900)])
    request, _ = read(collection, address)
    assert request.selections == {"region": ("london",)}


def test_a_text_that_is_too_long_is_cut_and_said(collection):
    request, notices = read(collection, "q=" + "theatre+" * 1_000)
    assert len(request.text) <= requests.MAX_TEXT
    assert notices == ["Your search was very long, so only its first 1,000 letters were used."]


def test_a_request_is_written_as_the_shortest_address(collection):
    assert requests.query_string(collection, SearchRequest()) == ""
    request = SearchRequest(
        text="a&b",
        selections={"region": ("london", "midlands"), "specialty": ("urology",)},
        sort="title",
        page=2,
    )
    address = requests.query_string(collection, request)
    assert address == ("?q=a%26b&specialty=urology&region=london&region=midlands&sort=title&page=2")
    read_again, notices = read(collection, address[1:])
    assert (read_again.selections, read_again.text, notices) == (
        dict(request.selections), "a&b", []
    )  # fmt: skip


def test_each_step_from_a_request_starts_at_its_first_page():
    request = SearchRequest(text="sim", selections={"region": ("london",)}, page=4)
    chosen = requests.toggled(request, "region", "midlands")
    assert (chosen.selections, chosen.page) == ({"region": ("london", "midlands")}, 1)
    assert requests.toggled(chosen, "region", "london").selections == {"region": ("midlands",)}
    assert requests.toggled(request, "region", "london").selections == {}
    assert requests.without(chosen, "region").selections == {}
    assert requests.without(chosen, "year").selections == chosen.selections
    assert requests.without_text(request).text == ""
    assert requests.with_text(request, "other").text == "other"
    assert requests.sorted_by(request, "title").page == 1
    assert requests.at_page(request, 9).page == 9
    cleared = requests.cleared(request)
    assert (cleared.text, cleared.selections, cleared.page) == ("sim", {}, 1)
