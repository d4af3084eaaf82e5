"""The tile map: one link a region, counts that cannot leak, three queries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction, Site

from learning_hub.accounts.models import User
from learning_hub.regions import tile_map
from learning_hub.regions.tile_map import PLACES, RegionMap, step_ranges
from learning_hub.taxonomy.models import Region
from tests.factories.accounts import make_person
from tests.factories.case_studies import make_case_study
from tests.factories.regions import make_region

pytestmark = pytest.mark.usefixtures("db", "search_index")


def asked(user: User | None = None) -> Any:
    request = RequestFactory().get("/", SERVER_NAME="localhost")
    request.user = user or AnonymousUser()
    return request


def drawn(user: User | None = None) -> RegionMap:
    return tile_map.region_map(asked(user))


def shown(request: Any) -> str:
    template = Template("{% load regions_map %}{% region_map %}")
    return template.render(Context({"request": request}))


def addresses(found: RegionMap) -> dict[str, str]:
    return {tile.entry.slug: tile.entry.address for tile in found.tiles}


def test_the_seven_regions_have_a_tile_each_and_none_covers_another() -> None:
    found = drawn()
    assert {tile.entry.slug for tile in found.tiles} == set(PLACES)
    assert set(PLACES) == set(
        Region.objects.exclude(slug="national").values_list("slug", flat=True)
    )
    for tile in found.tiles:
        assert 0 <= tile.x <= found.width - found.size
        assert 0 <= tile.y <= found.height - found.size
        near = [t for t in found.tiles if abs(t.x - tile.x) < 92 and abs(t.y - tile.y) < 92]
        assert near == [tile]


def test_tiles_are_met_from_north_to_south() -> None:
    order = [tile.entry.slug for tile in drawn().tiles]
    assert order[:2] == ["north-west", "north-east-and-yorkshire"]
    assert order[-3:] == ["south-west", "south-east", "london"]


def test_a_region_leads_to_its_page_and_without_one_to_its_studies() -> None:
    make_region("north-west")
    make_region("midlands").unpublish()
    found = addresses(drawn())
    assert found["north-west"] == "/regions/north-west/"
    assert found["midlands"] == found["london"].replace("london", "midlands")
    assert found["london"] == "/case-studies/?region=london"


def test_a_region_whose_page_is_private_is_neither_on_the_map_nor_in_the_list() -> None:
    page = make_region("north-west")
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert "North West" not in shown(asked())
    assert "/regions/north-west/" in shown(asked(make_person()))


def test_a_study_counts_only_for_those_who_may_see_it() -> None:
    make_case_study("Open")
    secret = make_case_study("Zebrafish")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    assert 'aria-label="North West: 1 case study"' in shown(asked())
    assert 'aria-label="North West: 2 case studies"' in shown(asked(make_person()))


def test_the_list_says_the_same_as_the_drawing() -> None:
    make_case_study("One", regions=["north-west", "national"])
    html = " ".join(shown(asked()).split())
    listed = html.partition("<details")[2]
    for tile in drawn().tiles:
        assert f'href="{tile.entry.address}">{tile.entry.name}</a>: {tile.entry.studies}' in listed
    assert 'href="/case-studies/?region=national">National</a>: 1 case study' in listed


def test_a_region_that_nobody_placed_is_named_below_the_drawing() -> None:
    Region.objects.create(name="Isles", slug="isles")
    assert [entry.slug for entry in drawn().others] == ["national", "isles"]


def test_a_retired_region_without_a_page_is_left_out() -> None:
    Region.objects.filter(slug="london").update(is_retired=True)
    assert "london" not in addresses(drawn())


def test_a_long_name_keeps_within_its_tile() -> None:
    Region.objects.filter(slug="london").update(name="Greaterlondonwithoutspaces and all around it")
    [tile] = [tile for tile in drawn().tiles if tile.entry.slug == "london"]
    assert len(tile.lines) <= 3
    assert max(len(line.text) for line in tile.lines) <= 9
    assert tile.y < tile.lines[0].y < tile.count_y < tile.y + 92
    assert tile.entry.label.startswith("Greaterlondonwithoutspaces and all around it")


@pytest.mark.parametrize(
    ("most", "ranges"),
    [
        (0, []),
        (1, [range(1, 2)]),
        (3, [range(1, 2), range(2, 3), range(3, 4)]),
        (8, [range(1, 3), range(3, 5), range(5, 7), range(7, 9)]),
        (10, [range(1, 4), range(4, 7), range(7, 10), range(10, 13)]),
    ],
)
def test_colours_go_up_in_equal_steps(most: int, ranges: list[range]) -> None:
    assert step_ranges(most) == ranges


def test_every_count_has_its_colour_in_the_legend() -> None:
    for number in range(9):
        make_case_study(f"Study {number}", regions=["london"])
    make_case_study("Another")
    found = drawn()
    steps = {tile.entry.slug: tile.step for tile in found.tiles}
    assert (steps["london"], steps["north-west"], steps["midlands"]) == (3, 1, 0)
    assert [entry.text for entry in found.legend] == ["None", "1 to 3", "4 to 6", "7 to 9"]


def test_every_step_of_colour_can_be_read() -> None:
    css = Path("static/css/regions.css").read_text()
    steps = re.findall(r"--(\d) \{\s*--tile: (#\w{6});\s*--on-tile: (#\w{6});", css)
    assert [step for step, *_ in steps] == ["0", "1", "2", "3", "4"]
    for _, tile, on_tile in steps:
        assert contrast(tile, on_tile) >= 4.5


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("studies", [2, 12])
def test_the_map_costs_three_queries_and_nothing_the_second_time(studies: int) -> None:
    for slug in ("london", "midlands", "north-west"):
        make_region(slug)
    for number in range(studies):
        make_case_study(f"Study {number}")
    shown(asked())  # the first visit reads what is kept for the next
    request = asked()
    Site.find_for_request(request).root_page.get_url(request)  # as the frame of every page does
    with CaptureQueriesContext(connection) as captured:
        first = shown(request)
    assert len(captured) == 3
    with CaptureQueriesContext(connection) as captured:
        assert shown(request) == first
    assert len(captured) == 0


def test_without_a_request_there_is_no_map() -> None:
    assert Template("{% load regions_map %}{% region_map %}").render(Context()).strip() == ""
