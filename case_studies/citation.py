"""How to cite a study, as one line of plain text."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format


def citation(
    *,
    title: str,
    organisation: str,
    published_at: dt.datetime | None,
    updated_at: dt.datetime | None,
    url: str,
    on: dt.date,
) -> str:
    """Author, title, publisher, year, date of the last change, address, date of access.

    The order is the Vancouver style's, which medical journals ask for. A draft has no year.
    """
    parts = [f"{organisation}. " if organisation else "", f"{title} [case study]. "]
    parts.append(settings.WAGTAIL_SITE_NAME)
    if published_at:
        parts.append(f"; {timezone.localtime(published_at).year}")
    dates = [f"cited {_day(on)}"]
    if updated_at and published_at and updated_at.date() != published_at.date():
        dates.insert(0, f"updated {_day(timezone.localtime(updated_at).date())}")
    return f"{''.join(parts)} [{'; '.join(dates)}]. Available from: {url}"


def _day(date: dt.date) -> str:
    return date_format(date, "j F Y")
