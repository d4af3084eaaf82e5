"""What a study cost: the band it falls in, and how an amount is written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from learning_hub.taxonomy.models import CostBand
from search import journal

if TYPE_CHECKING:  # a study works out its band as it is saved, so it imports this module
    from case_studies.models import CaseStudyQuerySet


def cost_band_for(pounds: Decimal | None) -> CostBand | None:
    """The band of a cost for one trainee: the one that starts nearest below it. One query.

    Without a cost it is the band that has no lowest cost ("not reported"). None only where the
    vocabulary has no band that fits.
    """
    # A study that is not saved yet may hold what a form or a file gave it.
    return _band_among(_bands_in_use(), None if pounds is None else Decimal(pounds))


@transaction.atomic
def sort_into_bands(studies: CaseStudyQuerySet) -> int:
    """Put every study into the band that its cost falls in; return how many moved.

    For when an editor moves the bounds: one query to find those that move, one for each band.
    """
    moved = 0
    costs = studies.values_list("pk", "cost_per_trainee", "cost_band_id")
    bands = _bands_in_use()
    ids_by_band: dict[int, list[int]] = {}
    for study_id, pounds, band_id in costs:
        band = _band_among(bands, pounds)
        if band and band.pk != band_id:
            ids_by_band.setdefault(band.pk, []).append(study_id)
    for band_id, ids in ids_by_band.items():
        moved += studies.filter(pk__in=ids).update(cost_band_id=band_id)
        journal.record(ids)
    return moved


def _bands_in_use() -> list[CostBand]:
    return list(CostBand.objects.filter(is_retired=False, merged_into__isnull=True))


def _band_among(bands: list[CostBand], pounds: Decimal | None) -> CostBand | None:
    if pounds is None:
        return next((band for band in bands if band.from_pounds is None), None)
    below = [band for band in bands if band.from_pounds is not None and band.from_pounds <= pounds]
    return max(below, key=lambda band: band.from_pounds or 0, default=None)


def in_pounds(amount: Decimal) -> str:
    """An amount for reading: "£1,250", and with pence only where there are any: "£12.50"."""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"
