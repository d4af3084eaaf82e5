"""How editors make a region's page: one region, one page, at the region's address."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from learning_hub.accounts.roles import EDITORS
from learning_hub.regions.models import RegionIndexPage, RegionPage
from learning_hub.taxonomy.models import Region, TermInUse
from tests.factories.accounts import make_person
from tests.factories.regions import make_figure, make_region, make_region_index

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(
        make_person("eve@example.org", EDITORS),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def form(region: str = "london", **fields: object) -> dict[str, object]:
    figure = {"value": "31000", "counts": "people", "source": "A report", "period": "2021"}
    return nested_form_data(
        {
            "title": "London",
            "region": Region.objects.get(slug=region).pk,
            "introduction": "What London started.",
            "figures": inline_formset([{**figure, **fields}]),
            "initiatives": inline_formset([{"title": "Academy", "text": "New.", "link_page": ""}]),
            "body": streamfield([]),
            "action-publish": "1",
        }
    )


def add_address() -> str:
    return f"/admin/pages/add/regions/regionpage/{make_region_index().pk}/"


def test_an_editor_publishes_the_page_of_a_region(editor: Client) -> None:
    assert editor.get(add_address()).status_code == 200
    assert editor.post(add_address(), form()).status_code == 302
    page = RegionPage.objects.get()
    assert (page.live, page.url) == (True, "/regions/london/")
    assert [figure.written for figure in page.figures.all()] == ["31,000"]
    assert [initiative.title for initiative in page.initiatives.all()] == ["Academy"]


def test_a_figure_without_a_date_or_a_period_is_refused_with_a_reason(editor: Client) -> None:
    response = editor.post(add_address(), form(period=""))
    assert response.status_code == 200
    assert "Give the date of this figure, or its period." in response.content.decode()
    assert not RegionPage.objects.exists()


def test_a_region_that_has_a_page_is_not_offered_again(editor: Client) -> None:
    make_region("london")
    assert ">London</option>" not in editor.get(add_address()).content.decode()
    assert editor.post(add_address(), form()).status_code == 200
    assert RegionPage.objects.count() == 1


def test_the_region_of_a_page_never_changes(editor: Client) -> None:
    page = make_region("london")
    address = f"/admin/pages/{page.pk}/edit/"
    response = editor.get(address)
    assert response.status_code == 200
    assert "for good" in response.content.decode()
    assert editor.post(address, form("midlands")).status_code == 302
    page.refresh_from_db()
    assert (page.region.slug, page.slug) == ("london", "london")


def test_nobody_copies_the_page_of_a_region(admin_client: Client) -> None:
    page = make_region("london")
    response = admin_client.get(f"/admin/pages/{page.pk}/copy/")
    assert response.status_code == 302
    assert RegionPage.objects.count() == 1


def test_a_second_page_of_a_region_is_refused() -> None:
    make_region("london")
    with pytest.raises(ValidationError):
        make_region("london")


def test_there_is_one_list_of_regions() -> None:
    index = make_region_index()
    assert not RegionIndexPage.can_create_at(index.get_parent())


def test_a_region_with_a_page_is_not_deleted() -> None:
    make_figure(make_region("london"))
    with pytest.raises(TermInUse):
        Region.objects.get(slug="london").delete()
