"""Which page numbers a long list offers."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from learning_hub.design_system.pagination import pagination


def shown(page: int, pages: int) -> str:
    steps = pagination(page=page, pages=pages, address=lambda number: f"?page={number}").steps
    return " ".join(
        "…" if step.is_gap else f"[{step.number}]" if step.is_current else str(step.number)
        for step in steps
    )


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, "[1]"),
        (1, 2, "[1] 2"),
        (1, 3, "[1] 2 3"),
        (1, 9, "[1] 2 … 9"),
        (4, 9, "1 2 3 [4] 5 … 9"),
        (5, 9, "1 … 4 [5] 6 … 9"),
        (6, 9, "1 … 5 [6] 7 8 9"),
        (9, 9, "1 … 8 [9]"),
        (500, 1000, "1 … 499 [500] 501 … 1000"),
        (1, 0, ""),
    ],
)
def test_the_first_the_last_and_the_neighbours_are_shown(
    page: int, pages: int, numbers: str
) -> None:
    assert shown(page, pages) == numbers


def test_there_is_no_way_back_from_the_first_nor_on_from_the_last() -> None:
    first = pagination(page=1, pages=2, address=str)
    last = pagination(page=2, pages=2, address=str)
    assert (first.previous, first.next) == ("", "2")
    assert (last.previous, last.next) == ("1", "")


def test_one_page_needs_no_navigation() -> None:
    one = pagination(page=1, pages=1, address=str)
    assert "<nav" not in render_to_string("components/pagination.html", {"pagination": one})


def test_the_current_page_is_marked_and_every_link_says_where_it_leads() -> None:
    many = pagination(page=5, pages=9, address=lambda number: f"?q=a&page={number}")
    html = " ".join(render_to_string("components/pagination.html", {"pagination": many}).split())
    assert html.count('aria-current="page"') == 1
    assert 'href="?q=a&amp;page=4" rel="prev"' in html
    assert 'href="?q=a&amp;page=6" rel="next"' in html
