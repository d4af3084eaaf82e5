"""Alerts for tests: confirmed ones, and studies that are newly published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from case_studies.alerts.filters import Filter
from case_studies.alerts.models import Frequency, Subscriber, Subscription
from case_studies.models import CaseStudyPage
from tests.factories.case_studies import make_case_study


def make_alert(
    email: str = "alice@example.org",
    query: str = "",
    *,
    confirmed: dt.timedelta | None = dt.timedelta(days=1),
    **fields: Any,
) -> Subscription:
    """An alert that was confirmed so long ago; not yet, where `confirmed` is None."""
    now = timezone.now()
    values = {
        "frequency": Frequency.DAILY,
        "requested_at": now - (confirmed or dt.timedelta()),
        "confirmed_at": now - confirmed if confirmed is not None else None,
    }
    subscriber, _ = Subscriber.objects.get_or_create(email=email)
    return Subscription.objects.create(
        subscriber=subscriber, query=query, filter_key=Filter(query).key, **{**values, **fields}
    )


def make_new_study(title: str = "Simulated theatre lists", **fields: Any) -> CaseStudyPage:
    """A study that was published just now."""
    published = fields.pop("first_published_at", timezone.now())
    return make_case_study(title, first_published_at=published, **fields)
