"""The list of letters: newest first, by year, for whoever may see them, whatever is asked."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from learning_hub.updates.models import UpdatePage
from tests.factories.accounts import make_person
from tests.factories.updates import make_update, make_update_index

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def read(client: Client, address: str = "") -> str:
    response = client.get(f"/updates/{address}")
    assert response.status_code == 200
    return response.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'<h3 class="hub-card__heading">\s*<a href="[^"]+">([^<]+)</a>', html)


def make_many(number: int) -> None:
    for day in range(number):
        make_update(f"Letter {day}", dated_on=dt.date(2022, 1, 1) + dt.timedelta(days=day))


def test_letters_stand_by_their_own_date_newest_first(client: Client) -> None:
    make_update("Of 2021", dated_on=dt.date(2021, 9, 3))
    make_update("Of 2023", dated_on=dt.date(2023, 5, 1))
    make_update("Of 2022", dated_on=dt.date(2022, 2, 1))
    html = read(client)
    assert titles(html) == ["Of 2023", "Of 2022", "Of 2021"]
    assert re.findall(r'id="year-(\d+)"', html) == ["2023", "2022", "2021"]
    assert "3 September 2021" in html


def test_a_year_shows_its_own_letters_only(client: Client) -> None:
    make_update("Of 2021", dated_on=dt.date(2021, 9, 3))
    make_update("Of 2023", dated_on=dt.date(2023, 5, 1))
    html = read(client, "?year=2021")
    assert titles(html) == ["Of 2021"]
    assert re.search(r'href="\?year=2021"\s+aria-current="true"', html)
    assert 'href="/updates/feed/?year=2021"' in html


def test_a_long_list_is_divided_into_pages_that_keep_the_year(client: Client) -> None:
    make_many(45)
    make_update("Of 2021", dated_on=dt.date(2021, 9, 3))
    first, last = read(client, "?year=2022"), read(client, "?year=2022&page=3")
    assert (len(titles(first)), len(titles(last))) == (20, 5)
    assert titles(first)[0] == "Letter 44"
    assert "?year=2022&amp;page=2" in first


def test_an_empty_list_says_so(client: Client) -> None:
    make_update_index()
    assert "There are no updates here yet." in read(client)


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD])
def test_what_a_visitor_may_not_see_is_in_no_list_year_or_turn(client: Client, kind: str) -> None:
    shown = make_update("Open", dated_on=dt.date(2021, 9, 3))
    closed = make_update("Closed", dated_on=dt.date(2023, 9, 3))
    PageViewRestriction.objects.create(page=closed, restriction_type=kind, password="x")
    make_update("Draft", dated_on=dt.date(2024, 1, 1), live=False)
    for html in (read(client), read(client, "open/")):
        assert "Closed" not in html
        assert "Draft" not in html
    assert "2023" not in read(client).split("<main")[1].split("</main")[0]
    reader = make_person("bob@example.org")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    is_open_to_her = kind == PageViewRestriction.LOGIN
    assert titles(read(client)) == (["Closed", "Open"] if is_open_to_her else ["Open"])
    assert ("Closed" in read(client, "open/")) == is_open_to_her
    assert shown.live


@pytest.mark.parametrize("address", ["", "?year=2022", "?page=2", "letter-1/"])
def test_queries_do_not_grow_with_letters(client: Client, address: str) -> None:
    make_many(2)
    read(client, address)
    few = count_queries(client, address)
    for day in range(2, 24):
        make_update(f"Letter {day}", dated_on=dt.date(2022, 1, 1) + dt.timedelta(days=day))
    read(client, address)
    assert count_queries(client, address) == few
    assert few <= MOST_QUERIES


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(client, address)
    return len(queries)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("?year=1999", "There is no year “1999”"),
        ("?year=atlantis", "There is no year “atlantis”"),
        ("?year=%00", "There is no year “”"),
        ("?year=%ed%a0%80", "There is no year"),
        ("?year=<b>", "There is no year “&lt;b&gt;”"),
        ("?year=" + "9" * 5000, "There is no year “99"),
        ("?year=2021&year=nonsense", "There is no year “nonsense”"),
        ("?page=-1", "There is no page “-1”"),
        ("?page=0", "There is no page “0”"),
        ("?page=x", "There is no page “x”"),
        ("?page=%00", "There is no page “”"),
        ("?page=" + "9" * 400, "There is no page “99"),
        ("?page=7", "There is no page 7. This is the last one, page 1."),
    ],
)
def test_what_cannot_be_is_left_out_and_said_so(client: Client, address: str, said: str) -> None:
    make_update()
    html = read(client, address)
    assert said in html
    assert titles(html) == ["Money for recovery"]


def test_a_year_that_could_only_be_a_mistake_is_refused() -> None:
    with pytest.raises(Exception, match=r"update_dated_in_four_digits|four digits"):
        make_update(dated_on=dt.date(21, 9, 3))
    assert not UpdatePage.objects.exists()
