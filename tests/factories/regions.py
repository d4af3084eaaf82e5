"""Regions' pages for tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wagtail.models import Site

from learning_hub.regions.models import RegionFigure, RegionIndexPage, RegionPage
from learning_hub.taxonomy.models import Region


def make_region_index(**fields: Any) -> RegionIndexPage:
    """The page at /regions/, made once a test."""
    existing = RegionIndexPage.objects.first()
    if existing:
        return existing
    home = Site.objects.get(is_default_site=True).root_page
    page = RegionIndexPage(title="Regions", slug="regions", show_in_menus=True, **fields)
    return home.add_child(instance=page)


def make_region(slug: str = "north-west", **fields: Any) -> RegionPage:
    """The published page of the region with this slug."""
    region = Region.objects.get(slug=slug)
    page = RegionPage(
        title=fields.pop("title", region.name),
        region=region,
        introduction=fields.pop("introduction", f"What {region.name} started."),
        **fields,
    )
    return make_region_index().add_child(instance=page)


def make_figure(page: RegionPage, value: str = "26", **fields: Any) -> RegionFigure:
    """A headline figure of the region."""
    words = {"unit": "% growth", "counts": "in training", "source": "A report", "period": "2021"}
    return RegionFigure.objects.create(page=page, value=Decimal(value), **{**words, **fields})
