"""What a study cost: the band it falls in, and how an amount is written."""

from __future__ import annotations

from decimal import Decimal

from learning_hub.taxonomy.models import CostBand


def cost_band_for(pounds: Decimal | None) -> CostBand | None:
    """The band of a cost for one trainee: the one that starts nearest below it. One query.

    Without a cost it is the band that has no lowest cost ("not reported"). None only where the
    vocabulary has no band that fits.
    """
    bands = CostBand.objects.filter(is_retired=False, merged_into__isnull=True)
    if pounds is None:
        return bands.filter(from_pounds__isnull=True).first()
    return bands.filter(from_pounds__lte=pounds).order_by("-from_pounds").first()


def in_pounds(amount: Decimal) -> str:
    """An amount for reading: "£1,250", and with pence only where there are any: "£12.50"."""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"
