"""The pages of the regions: figures, initiatives and studies, at a fixed cost for everyone."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from learning_hub.accounts.roles import EDITORS
from learning_hub.regions.figures import figure_text
from learning_hub.regions.models import Initiative, NationalFigure, RegionFigure
from learning_hub.taxonomy.models import InterventionType
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_case_study
from tests.factories.regions import make_figure, make_region, make_region_index

pytestmark = pytest.mark.usefixtures("db", "search_index")
MOST_QUERIES = 12
TO_KNOW_WHO_ASKS = 3  # session, user, groups


def restrict(page: Page, kind: str = PageViewRestriction.GROUPS) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind)
    restriction.groups.set(Group.objects.filter(name=EDITORS))


def sign_in(client: Client) -> None:
    client.force_login(
        make_person("eve@example.org", EDITORS),
        backend="django.contrib.auth.backends.ModelBackend",
    )


def read(client: Client, address: str = "/regions/north-west/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def types_of(page: str) -> dict[str, str]:
    """The counts of the table, by the type's name."""
    rows = re.findall(r'<th scope="row">(.*?)</th> <td[^>]*>(\d+)</td>', page)
    return {re.sub(r"<[^>]*>", "", name).strip(): count for name, count in rows}


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        ("31000", "", "31,000"),
        ("90.00", "%", "90%"),
        ("26", "% growth", "26% growth"),
        ("1.50", "£ million", "£1.5 million"),
        ("12", "£", "£12"),
        ("-3", "days", "−3 days"),
        ("100", "", "100"),
        ("0", "%", "0%"),
    ],
)
def test_a_figure_is_written_as_people_write_it(value: str, unit: str, written: str) -> None:
    assert figure_text(Decimal(value), unit) == written


def test_a_figure_is_shown_with_what_it_counts_its_source_and_when(client: Client) -> None:
    page = make_region()
    make_figure(page)
    make_figure(page, "20", unit="", counts="new places", dated_on=dt.date(2022, 3, 1), period="")
    shown = read(client)
    for words in ("26% growth", "in training", "Source: A report", "When: 2021", "1 March 2022"):
        assert words in shown


def test_national_figures_stand_on_the_index(client: Client) -> None:
    NationalFigure.objects.create(
        page=make_region_index(), value=31000, counts="people", source="A report", period="2021"
    )
    shown = read(client, "/regions/")
    assert "31,000" in shown
    assert "England in figures" in shown


@pytest.mark.parametrize("lacking", [{"period": ""}, {"source": ""}, {"counts": ""}])
def test_the_database_refuses_a_figure_that_says_too_little(lacking: dict[str, str]) -> None:
    page = make_region()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(page, **lacking)
    assert not RegionFigure.objects.exists()


def test_a_region_without_figures_has_no_empty_heading(client: Client) -> None:
    make_region()
    shown = read(client)
    assert "In figures" not in shown
    assert "What this region started" not in shown
    assert "There are no case studies from this region yet" in shown


def test_an_initiative_links_only_to_a_page_that_the_visitor_may_see(client: Client) -> None:
    secret = make_case_study("Zebrafish lists", regions=["london"])
    Initiative.objects.create(page=make_region(), title="Academy", text="New.", link_page=secret)
    assert "Zebrafish" in read(client)
    restrict(secret)
    assert "Zebrafish" not in read(client)
    assert "Academy" in read(client)
    sign_in(client)
    assert "Zebrafish" in read(client)


def test_the_studies_of_the_region_are_counted_by_intervention_type(client: Client) -> None:
    make_region()
    make_case_study("One")
    make_case_study("Two", intervention_types=["fellowships", "simulation"])
    make_case_study("Elsewhere", regions=["london"], intervention_types=["wellbeing-support"])
    shown = read(client)
    counts = types_of(shown)
    assert set(counts) == set(
        InterventionType.objects.filter(parent=None).values_list("name", flat=True)
    )
    assert counts["Simulation and immersive technologies"] == "2"
    assert counts["Fellowships"] == "1"
    assert counts["Wellbeing support"] == "0"
    assert 'href="/case-studies/?region=north-west&amp;intervention=fellowships"' in shown
    assert "intervention=wellbeing-support" not in shown
    assert "See all 2 case studies" in shown


def test_every_count_leads_to_as_many_studies(client: Client) -> None:
    make_region()
    for number in range(3):
        make_case_study(f"Study {number}", intervention_types=["fellowships"])
    address = re.search(r'href="(/case-studies/\?region=[^"]*fellowships)"', read(client))
    assert address
    found = client.get(address[1].replace("&amp;", "&"))
    assert found.status_code == 200
    assert found.context["listing"].results.total == 3


def test_the_best_evidenced_studies_come_first_with_their_results(client: Client) -> None:
    make_region()
    make_case_study("Weak", evidence="below-level-2", one_line_result="Perhaps something")
    for number in range(3):
        make_case_study(f"Strong {number}", evidence="level-4", one_line_result="12 more cases")
    shown = read(client)
    assert "12 more cases" in shown
    assert shown.count("hub-card__heading") == 3
    assert "Perhaps something" not in shown


def test_an_illustrative_study_says_so(client: Client) -> None:
    make_region()
    make_case_study("One", is_illustrative=True)
    assert "Illustrative" in read(client)


def test_a_private_study_is_in_no_count_and_no_list(client: Client) -> None:
    make_region()
    make_case_study("Open")
    secret = make_case_study("Zebrafish", intervention_types=["fellowships"])
    restrict(secret)
    for address in ("/regions/", "/regions/north-west/"):
        shown = read(client, address)
        assert "Zebrafish" not in shown
        assert "2 case studies" not in shown
    assert types_of(read(client))["Fellowships"] == "0"
    sign_in(client)
    assert types_of(read(client))["Fellowships"] == "1"
    assert "North West: 2 case studies" in read(client, "/regions/")


@pytest.mark.embedded_only
def test_where_search_is_not_available_the_pages_say_so_and_stand(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    make_figure(make_region())
    make_case_study("One")
    (tmp_path / "a-file").write_text("")
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "a-file" / "index"
    shown = read(client)
    assert "cannot be shown just now" in shown
    assert "26% growth" in shown
    assert 'href="/case-studies/?region=north-west"' in shown
    index = read(client, "/regions/")
    assert "cannot be counted just now" in index
    assert 'aria-label="North West"' in index


def test_the_page_names_its_former_offices(client: Client) -> None:
    make_region("south-east")
    shown = read(client, "/regions/south-east/")
    for office in ("Kent, Surrey and Sussex", "Thames Valley", "Wessex"):
        assert office in shown


def test_the_index_names_former_offices_that_had_another_name(client: Client) -> None:
    make_region("north-west")
    make_region("midlands")
    shown = read(client, "/regions/")
    assert "Formerly East Midlands; West Midlands" in shown
    assert "Formerly North West" not in shown


def test_a_page_describes_itself_to_machines(client: Client) -> None:
    make_region()
    shown = read(client)
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', shown)
    assert data
    own = json.loads(data[1])[0]
    assert own["about"]["@type"] == "AdministrativeArea"
    assert own["about"]["name"] == "North West"


@pytest.mark.parametrize("query", ["figure", "academy", "Wessex", "33"])
def test_the_site_search_finds_a_region_by_all_that_it_says(client: Client, query: str) -> None:
    page = make_region("south-east", introduction="The figure")
    make_figure(page, "33")
    Initiative.objects.create(page=page, title="Academy", text="New.")
    page.save()  # what an editor's form does after its rows
    response = client.get("/search/", {"q": query, "region": "south-east", "type": "region"})
    assert response.status_code == 200
    assert 'href="/regions/south-east/"' in response.content.decode()


def test_the_site_search_finds_the_figures_of_england(client: Client) -> None:
    index = make_region_index()
    NationalFigure.objects.create(
        page=index, value=31000, counts="allied people", source="A report", period="2021"
    )
    index.save()
    assert 'href="/regions/"' in read(client, "/search/?q=allied&type=region").partition("<main")[2]


def fill(number: int) -> None:
    """More of everything that the pages show."""
    page = make_region_index().get_children().get(slug="north-west").specific
    for each in range(number):
        study = make_case_study(f"Study {number} {each}")
        make_figure(page)
        Initiative.objects.create(page=page, title="Academy", link_page=study)


def queries(client: Client, address: str) -> int:
    client.get(address)  # the first visit reads what is kept for the next
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", ["/regions/", "/regions/north-west/"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_costs_the_same_whatever_there_is(
    client: Client, address: str, signed_in: bool
) -> None:
    make_region()
    if signed_in:
        sign_in(client)
    fill(2)
    few = queries(client, address)
    fill(20)
    for slug in ("london", "midlands", "south-west", "south-east"):
        make_region(slug)
    assert queries(client, address) == few <= MOST_QUERIES + signed_in * TO_KNOW_WHO_ASKS
