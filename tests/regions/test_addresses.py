"""Old names lead to the regions that have them now; what is not there is not found."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction, Revision

from learning_hub.regions.models import RegionPage
from learning_hub.taxonomy.merging import CannotMerge, merge_terms
from learning_hub.taxonomy.models import FormerOffice, Region
from tests.factories.accounts import make_person
from tests.factories.regions import make_region, make_region_index

pytestmark = pytest.mark.django_db


def leads_to(client: Client, word: str) -> str:
    """Where an address leads for good."""
    response = client.get(f"/regions/{word}/")
    assert response.status_code == 301, word
    return response["Location"]


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


def test_every_former_office_leads_to_its_region(client: Client) -> None:
    for region in Region.objects.exclude(slug="national"):
        make_region(region.slug)
    for office in FormerOffice.objects.select_related("region"):
        assert leads_to(client, office.slug) == f"/regions/{office.region.slug}/"


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("wessex", "south-east"),
        ("health-education-england-wessex", "south-east"),
        ("nhse-education-wessex", "south-east"),
        ("health-education-england-kent-surrey-and-sussex", "south-east"),
        ("health-education-england-north-west", "north-west"),
        ("health-education-england-north-west-london", "london"),
        ("Wessex", "south-east"),
        ("South-East", "south-east"),
    ],
)
def test_an_old_name_leads_to_the_region_that_has_it(client: Client, word: str, slug: str) -> None:
    for each in ("south-east", "north-west", "london"):
        make_region(each)
    assert leads_to(client, word) == f"/regions/{slug}/"


@pytest.mark.parametrize(
    "path",
    [
        "/regions/atlantis/",
        "/regions/wessex/more/",
        "/regions/south-east/more/",
        "/regions/%00/",
        "/regions/wessex%00/",
        "/regions/%ED%A0%80/",
        "/regions/health-education-england-/",
        "/regions/national/",
        f"/regions/{'a' * 5000}/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    make_region("south-east")
    assert status(client, path) == 404


def draft(page: RegionPage) -> None:
    page.unpublish()


def expired(page: RegionPage) -> None:
    page.expire_at = timezone.now() - dt.timedelta(minutes=1)
    page.save()


def for_members(page: RegionPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def behind_a_password(page: RegionPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="x")


@pytest.mark.parametrize("hide", [draft, expired, for_members, behind_a_password])
def test_an_old_name_tells_nothing_of_a_page_that_is_not_for_the_visitor(
    client: Client, hide: Any
) -> None:
    hide(make_region("south-east"))
    assert status(client, "/regions/wessex/") == 404
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")
    assert status(client, "/regions/wessex/") == (301 if hide is for_members else 404)


def test_an_unpublished_region_is_not_found(client: Client) -> None:
    make_region("south-east").unpublish()
    assert status(client, "/regions/south-east/") == 404


def test_an_old_name_without_a_page_to_lead_to_is_not_found(client: Client) -> None:
    make_region_index()
    assert status(client, "/regions/wessex/") == 404


@pytest.mark.parametrize("query", ["?page=9", "?x=%00", "?page=-1&page=2", "?q=%ED%A0%80"])
def test_parameters_change_nothing(client: Client, query: str) -> None:
    make_region("south-east")
    assert status(client, f"/regions/{query}") == 200
    assert status(client, f"/regions/south-east/{query}") == 200
    assert status(client, f"/regions/wessex/{query}") == 301


def merge(source: str, target: str) -> None:
    merge_terms(source=Region.objects.get(slug=source), target=Region.objects.get(slug=target))


def test_the_page_of_a_merged_region_moves_to_the_other_one(client: Client) -> None:
    page = make_region("south-west")
    page.save_revision()
    merge("south-west", "south-east")
    page.refresh_from_db()
    assert page.region.slug == page.slug == "south-east"
    assert status(client, "/regions/south-east/") == 200
    assert leads_to(client, "south-west") == "/regions/south-east/"
    assert leads_to(client, "south-west-office") == "/regions/south-east/"


def test_old_versions_and_drafts_follow_a_merge_even_if_the_old_term_is_deleted(
    client: Client,
) -> None:
    page = make_region("south-west")
    page.introduction = "A draft that waits."
    revision = page.save_revision()
    merge("south-west", "south-east")
    Region.objects.get(slug="south-west").delete()
    Revision.objects.get(pk=revision.pk).publish()
    page.refresh_from_db()
    assert (page.slug, page.region.slug) == ("south-east", "south-east")
    assert page.url == "/regions/south-east/"
    assert "A draft that waits." in client.get(page.url).content.decode()


def test_two_regions_with_a_page_each_are_not_merged_before_one_page_is_gone(
    client: Client,
) -> None:
    west = make_region("south-west")
    make_region("south-east")
    with pytest.raises(CannotMerge, match="each have a page of their own"):
        merge("south-west", "south-east")
    assert Region.objects.get(slug="south-west").merged_into is None
    west.delete()
    merge("south-west", "south-east")
    assert leads_to(client, "south-west") == "/regions/south-east/"


@pytest.mark.slow
def test_an_editor_who_merges_two_such_regions_is_told_what_to_do(admin_client: Client) -> None:
    make_region("south-west")
    make_region("south-east")
    west, east = (Region.objects.get(slug=slug) for slug in ("south-west", "south-east"))
    path = f"/admin/snippets/taxonomy/region/merge/{west.pk}/"
    for response in (
        admin_client.get(path, {"target": east.pk}),
        admin_client.post(path, {"target": east.pk}),
    ):
        assert response.status_code == 200
        assert "Delete one of the two pages first" in response.content.decode()


def test_a_renamed_region_keeps_its_page_and_address(client: Client) -> None:
    make_region("south-west")
    Region.objects.filter(slug="south-west").update(name="West Country")
    assert status(client, "/regions/south-west/") == 200
    assert "West Country" in client.get("/regions/").content.decode()
