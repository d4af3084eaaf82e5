"""Studies side by side."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.case_studies import make_case_study, make_full_case_study

pytestmark = pytest.mark.usefixtures("db", "search_index")


def compare(client: Client, *slugs: str) -> BeautifulSoup:
    response = client.get("/case-studies/compare/", {"study": slugs})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def line(page: BeautifulSoup, label: str) -> list[str]:
    head = page.find("th", string=label)
    return [" ".join(cell.get_text(" ").split()) for cell in head.find_next_siblings("td")]


def columns(page: BeautifulSoup) -> list[str]:
    return [head.a.get_text() for head in page.select("thead th")]


def notices(page: BeautifulSoup) -> str:
    return " ".join(notice.get_text() for notice in page.select(".find-notice li"))


def test_studies_stand_side_by_side_in_the_order_they_were_named(client: Client) -> None:
    make_full_case_study("Saturday lists")
    make_case_study("Bare lists", regions=["london"], evidence="level-4")
    page = compare(client, "bare-lists", "saturday-lists")
    assert columns(page) == ["Bare lists", "Saturday lists"]
    assert line(page, "Region") == ["London", "North West"]
    assert line(page, "Evidence")[0].startswith("Level 4")
    assert line(page, "Size of effect") == ["Not measured", "Moderate improvement"]
    assert line(page, "Cost")[1].endswith("Set-up: £12,000")
    assert line(page, "When") == [
        "September 2021 Running now",
        "September 2021 to August 2022 Completed",
    ]
    assert line(page, "Reach")[1] == "Higher trainees: 30 eligible, 24 took part, 22 completed"
    assert "Cases for each trainee (cases): 12 before, 18 after" in line(page, "Outcomes")[1]
    assert line(page, "Problem") == ["Not given", "About problem."]


def test_a_line_that_no_study_fills_is_left_out(client: Client) -> None:
    make_case_study("Bare lists")
    make_case_study("Other lists")
    page = compare(client, "bare-lists", "other-lists")
    assert page.find("th", string="Lessons") is None


def test_each_column_can_be_taken_away(client: Client) -> None:
    for title in ("One", "Two"):
        make_case_study(title)
    page = compare(client, "one", "two")
    away = [link["href"] for link in page.select(".find-comparison__remove")]
    assert away == ["/case-studies/compare/?study=two", "/case-studies/compare/?study=one"]


def test_more_than_four_are_too_many(client: Client) -> None:
    for number in range(5):
        make_case_study(f"Study {number}")
    page = compare(client, *(f"study-{number}" for number in range(5)))
    assert columns(page) == ["Study 0", "Study 1", "Study 2", "Study 3"]
    assert "up to 4" in notices(page)


def test_a_study_that_is_not_there_is_said_to_be_so(client: Client) -> None:
    make_case_study("One")
    page = compare(client, "one", "nowhere", "a\x00b")
    assert columns(page) == ["One"]
    assert "2 case studies are not here" in notices(page)


def test_nothing_to_compare_says_how_to_choose(client: Client) -> None:
    page = compare(client)
    assert page.table is None
    assert "Tick two to four" in page.get_text()


def test_the_queries_do_not_grow_with_the_studies(client: Client) -> None:
    for title in ("One", "Two", "Three", "Four"):
        make_full_case_study(title)

    def queries(*slugs: str) -> int:
        compare(client, *slugs)
        with CaptureQueriesContext(connection) as captured:
            compare(client, *slugs)
        return len(captured)

    assert queries("one", "two", "three", "four") == queries("one", "two") <= 12
