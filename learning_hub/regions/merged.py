"""Moves a region's page to the address of the region that its own was merged into."""

from __future__ import annotations

from collections.abc import Iterable

from learning_hub.regions.models import RegionPage


def follow_regions(page_ids: Iterable[int]) -> None:
    """Give those of the pages that are about a region its slug; the old one leads on, as an alias.

    To be called in the transaction of the merge.
    """
    for page in RegionPage.objects.filter(pk__in=page_ids).select_related("region"):
        if page.slug != page.region.slug:
            page.save()  # which takes the region's slug
