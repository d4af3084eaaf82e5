"""The list of resources: newest first, by kind and year, with types and sizes, for who may see."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from learning_hub.resources.models import ResourceFile
from tests.factories.accounts import make_person
from tests.factories.resources import make_file, make_resource, make_resource_index

pytestmark = pytest.mark.django_db
KINDS = ("report", "toolkit", "recording", "link")


def read(client: Client, address: str = "") -> str:
    response = client.get(f"/resources/{address}")
    assert response.status_code == 200
    return response.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'<h3 class="hub-card__heading">\s*<a href="[^"]+">([^<]+)</a>', html)


def test_resources_stand_by_their_own_date_and_those_without_one_last(client: Client) -> None:
    make_resource(title="Of 2021", published_on=dt.date(2021, 9, 3))
    make_resource(title="Undated", published_on=None)
    make_resource(title="Of 2023", published_on=dt.date(2023, 9, 3))
    assert titles(read(client)) == ["Of 2023", "Of 2021", "Undated"]


def test_kind_and_year_narrow_the_list_together(client: Client) -> None:
    for kind in KINDS:
        for year in (2021, 2022):
            make_resource(kind, f"{kind} {year}", published_on=dt.date(year, 1, 1))
    html = read(client, "?kind=toolkit&year=2021")
    assert titles(html) == ["toolkit 2021"]
    assert 'href="?year=2021&amp;kind=report"' in html
    assert 'href="?kind=toolkit&amp;year=2022"' in html
    assert 'href="/resources/feed/?kind=toolkit&amp;year=2021"' in html
    assert len(titles(read(client, "?kind=toolkit"))) == 2


def test_a_row_names_kind_publisher_files_and_sign_in(client: Client) -> None:
    files = [ResourceFile(document=make_file("sheet.csv", b"x" * 2048))]
    make_resource("toolkit", "Kit", files=files, publisher="A college (fictional)")
    make_resource("link", "Course", needs_sign_in=True)
    html = read(client)
    assert re.search(r"CSV, 2\.0\xa0KB", html)
    assert "A college (fictional)" in html
    assert "On another site, with sign-in" in html
    make_resource("recording", "Talk")
    assert "MP3" in read(client, "?kind=recording")


def test_a_date_is_shown_as_far_as_it_is_known(client: Client) -> None:
    make_resource(title="By year", published_on=dt.date(2022, 1, 1), date_precision="year")
    make_resource(title="By month", published_on=dt.date(2021, 6, 1), date_precision="month")
    html = read(client)
    assert '<time datetime="2022">2022</time>' in html
    assert '<time datetime="2021-06">June 2021</time>' in html


def test_a_long_list_is_divided_into_pages_that_keep_the_choice(client: Client) -> None:
    for number in range(23):
        make_resource(title=f"Link {number}")
    assert len(titles(read(client, "?kind=link"))) == 20
    assert len(titles(read(client, "?kind=link&page=2"))) == 3
    assert "?kind=link&amp;page=2" in read(client, "?kind=link")


def test_an_empty_list_says_so(client: Client) -> None:
    make_resource_index()
    assert "There are no resources here yet." in read(client)


def test_what_a_visitor_may_not_see_is_in_no_list_and_no_year(client: Client) -> None:
    make_resource(title="Open")
    closed = make_resource(title="Closed", published_on=dt.date(2019, 1, 1))
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    make_resource(title="Draft", published_on=dt.date(2018, 1, 1), live=False)
    html = read(client)
    assert titles(html) == ["Open"]
    assert "2019" not in html
    assert "2018" not in html
    reader = make_person("bob@example.org")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    assert titles(read(client)) == ["Open", "Closed"]


@pytest.mark.parametrize("address", ["", "?kind=toolkit", "?year=2022&page=2", "toolkit-0/"])
def test_queries_do_not_grow_with_resources_or_files(client: Client, address: str) -> None:
    for number in range(2):
        make_resource("toolkit", f"Toolkit {number}")
    counts = [count_queries(client, address)]
    for number in range(2, 24):
        files = [ResourceFile(document=make_file(f"f{each}.txt")) for each in range(2)]
        make_resource("toolkit", f"Toolkit {number}", files=files)
    counts.append(count_queries(client, address))
    assert counts[0] == counts[1] <= 12


def count_queries(client: Client, address: str) -> int:
    read(client, address)
    with CaptureQueriesContext(connection) as queries:
        read(client, address)
    return len(queries)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("?kind=atlas", "There is no kind “atlas”"),
        ("?kind=%00", "There is no kind “”"),
        ("?kind=%ed%a0%80", "There is no kind"),
        ("?kind=<b>", "There is no kind “&lt;b&gt;”"),
        ("?kind=link&kind=atlas", "There is no kind “atlas”"),
        ("?kind=" + "x" * 9000, "There is no kind “xx"),
        ("?year=1234567890123", "There is no year"),
        ("?page=-3", "There is no page “-3”"),
        ("?page=1e9", "There is no page “1e9”"),
        ("?page=999999999", "There is no page 999999999."),
    ],
)
def test_what_cannot_be_is_left_out_and_said_so(client: Client, address: str, said: str) -> None:
    make_resource()
    html = read(client, address)
    assert said in html
    assert titles(html) == ["Good practice"]
