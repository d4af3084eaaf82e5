"""The home page: a way to the library for everyone, at a fixed cost."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from learning_hub.accounts.roles import EDITORS, TRAINEES
from learning_hub.taxonomy.models import Region, Specialty
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_case_study

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


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


def test_every_region_has_a_link_to_its_studies(client: Client) -> None:
    page = client.get("/").content.decode()
    for region in Region.objects.filter(is_retired=False):
        assert f'href="/case-studies/?region={region.slug}">{region.name}</a>' in page


def test_the_three_newest_studies_are_shown_newest_first(client: Client) -> None:
    for title in ("One", "Two", "Three", "Four"):
        make_case_study(title)
    page = client.get("/").content.decode()
    newest = page.partition('id="newest"')[2].partition("</section>")[0]
    assert ">One</a>" not in newest
    assert newest.index(">Four</a>") < newest.index(">Three</a>") < newest.index(">Two</a>")


def test_drafts_and_private_studies_are_not_among_the_newest(client: Client) -> None:
    make_case_study("A draft", live=False)
    private = make_case_study("For editors")
    restriction = PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.set(Group.objects.filter(name=EDITORS))
    page = client.get("/").content.decode()
    assert "A draft" not in page
    assert "For editors" not in page
    client.force_login(
        make_person("eve@example.org", EDITORS),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert "For editors" in client.get("/").content.decode()


def test_an_empty_library_leaves_no_empty_heading(client: Client) -> None:
    assert "Newest case studies" not in client.get("/").content.decode()


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
        client.force_login(
            make_person("eve@example.org", EDITORS),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    for number in range(3):
        make_case_study(f"Study {number}", regions=["london", "south-west"])
    few = queries(client)
    for number in range(9):
        make_case_study(f"More {number}", regions=["london", "midlands", "north-west"])
    Region.objects.create(name="Another", slug="another", position=99)
    assert queries(client) == few <= MOST_QUERIES
