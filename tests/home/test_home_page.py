"""The home page and the starting pages: a way in for everyone, at a fixed cost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from learning_hub.accounts.models import User
from learning_hub.accounts.roles import EDITORS, TRAINEES
from learning_hub.home.models import HomePage
from learning_hub.taxonomy.models import Region, Specialty
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_case_study
from tests.factories.syllabus import make_module

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
# Who she is takes three more: her session, her account, her roles.
SIGNED_IN = 3


def queries(client: Client) -> int:
    client.get("/")  # the first visit reads what is kept for the next
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200
    return len(captured)


def test_the_find_box_leads_to_the_library_without_javascript(client: Client) -> None:
    page = client.get("/").content.decode()
    form = page.partition('class="home-find"')[2].partition("</form>")[0]
    assert 'action="/case-studies/"' in form
    assert 'method="get"' in form
    for name in ("q", "region", "specialty", "intervention"):
        assert f'name="{name}"' in form
    assert '<option value="north-west">North West</option>' in form


def test_what_the_find_box_sends_is_understood_by_the_library(client: Client) -> None:
    response = client.get("/case-studies/?q=&region=north-west&specialty=&intervention=")
    assert response.status_code == 200
    assert "North West" in response.content.decode()


def test_a_group_of_specialties_can_be_chosen_as_a_whole(client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<optgroup label="Surgery">' in page
    assert '<option value="surgery">Surgery: all</option>' in page


def test_retired_terms_are_not_offered(client: Client) -> None:
    Specialty.objects.filter(slug="urology").update(is_retired=True)
    assert 'value="urology"' not in client.get("/").content.decode()


def test_every_region_without_a_page_leads_to_its_studies(client: Client) -> None:
    page = client.get("/").content.decode()
    for region in Region.objects.filter(is_retired=False):
        assert f'href="/case-studies/?region={region.slug}"' in page


def newest(client: Client) -> str:
    """The section of the home page that shows what is new."""
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode().partition('id="newest"')[2].partition("</section>")[0]


@pytest.mark.usefixtures("search_index")
def test_what_is_new_is_shown_newest_first_and_no_more_than_was_asked(client: Client) -> None:
    now = timezone.now()
    for number in range(8):
        when = now - dt.timedelta(days=20 - number)
        make_case_study(f"Study {number}", first_published_at=when)
    shown = newest(client)
    order = [shown.index(f">Study {number}</a>") for number in (7, 6, 5, 4, 3, 2)]
    assert order == sorted(order)
    assert ">Study 1</a>" not in shown


@pytest.mark.usefixtures("search_index")
def test_only_the_kinds_that_the_editor_ticked_are_new(client: Client) -> None:
    make_case_study("A study")
    make_module("A module")
    home = HomePage.objects.get()
    home.body = [("what_is_new", {"heading": "New", "kinds": ["module"], "number": 3})]
    home.save()
    assert ">A module</a>" in newest(client)
    assert ">A study</a>" not in newest(client)


@pytest.mark.usefixtures("search_index")
def test_drafts_and_private_studies_are_not_among_the_newest(client: Client) -> None:
    make_case_study("A draft", live=False)
    private = make_case_study("For editors")
    restriction = PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.set(Group.objects.filter(name=EDITORS))
    page = client.get("/").content.decode()
    assert "A draft" not in page
    assert "For editors" not in newest(client)
    sign_in(client, make_person("eve@example.org", EDITORS))
    assert "For editors" in newest(client)


@pytest.mark.usefixtures("search_index")
def test_an_empty_library_leaves_no_empty_heading(client: Client) -> None:
    assert "What is new" not in client.get("/").content.decode()


def test_the_home_page_offers_each_kind_of_visitor_a_page_that_is_there(client: Client) -> None:
    page = client.get("/").content.decode()
    for address in ("/trainers/", "/trainees/", "/editors/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_an_initiative_can_be_shared_from_the_home_page(client: Client) -> None:
    assert 'href="/share-your-initiative/"' in client.get("/").content.decode()
    assert client.get("/share-your-initiative/").status_code == 200


def test_every_link_of_the_starting_pages_leads_somewhere(client: Client) -> None:
    sign_in(client, make_person("eve@example.org", EDITORS))
    for page in ["/", "/trainers/", "/trainees/", "/editors/"]:
        main = client.get(page).content.decode().partition("<main")[2].partition("</main>")[0]
        for address in set(re.findall(r'href="(/[^"]*)"', main)):
            answer = client.get(address.replace("&amp;", "&"), follow=True)
            assert answer.status_code == 200, (page, address)


def test_an_editor_can_arrange_the_sections(client: Client) -> None:
    home = HomePage.objects.get()
    home.body = list(reversed(list(home.body.raw_data)))
    home.save()
    page = client.get("/").content.decode()
    assert page.index('id="share"') < page.index('class="home-find"')


def sign_in(client: Client, person: User) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")


@pytest.mark.usefixtures("search_index")
@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("signed_in", [False, True])
def test_it_costs_the_same_whatever_there_is(
    client: Client, signed_in: bool, restricted: bool
) -> None:
    if restricted:
        restriction = PageViewRestriction.objects.create(
            page=make_case_study("Private"), restriction_type=PageViewRestriction.GROUPS
        )
        restriction.groups.set(Group.objects.filter(name__in=[EDITORS, TRAINEES]))
    if signed_in:
        sign_in(client, make_person("eve@example.org", EDITORS))
    for number in range(3):
        make_case_study(f"Study {number}", regions=["london", "south-west"])
        make_module(f"Module {number}")
    few = queries(client)
    for number in range(9):
        make_case_study(f"More {number}", regions=["london", "midlands", "north-west"])
        make_module(f"More modules {number}")
    Region.objects.create(name="Another", slug="another", position=99)
    assert queries(client) == few <= MOST_QUERIES + signed_in * SIGNED_IN
