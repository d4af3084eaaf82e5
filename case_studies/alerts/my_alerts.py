"""The page where a signed-in person sees her alerts, changes how often they come, and ends them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from case_studies import facets
from case_studies.alerts import subscribing
from case_studies.alerts.filters import LIBRARY, Filter, read_back
from case_studies.alerts.forms import FrequencyForm
from case_studies.alerts.models import Subscription
from learning_hub.accounts.models import User
from learning_hub.taxonomy import vocabulary


@dataclass(frozen=True)
class Row:
    """One alert as the page shows it."""

    alert: Subscription
    sentence: str
    library: str
    form: FrequencyForm


@never_cache
@login_required
@require_safe
def my_alerts(request: HttpRequest) -> HttpResponse:
    """Her confirmed alerts, newest first."""
    collection = facets.library(cache(vocabulary.current))
    rows = [
        Row(
            alert=alert,
            sentence=read_back(alert.query, 0, collection),
            library=Filter(alert.query).library,
            form=FrequencyForm(
                initial={"frequency": alert.frequency}, auto_id=f"alert-{alert.pk}-%s"
            ),
        )
        for alert in subscribing.alerts_of(cast(User, request.user))
    ]
    context = {"rows": rows, "library_address": LIBRARY}
    return render(request, "case_studies/alerts/mine.html", context)


@login_required
@require_POST
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change how often one of her alerts comes."""
    alert, form = _own(request, key), FrequencyForm(request.POST)
    if form.is_valid():
        frequency = form.cleaned_data["frequency"]
        subscribing.change_frequency(subscription=alert, frequency=frequency)
        messages.success(request, "Your alert is changed.")
    else:
        messages.error(request, "Choose how often we should write: once a day or once a week.")
    return redirect("my_alerts")


@login_required
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End one of her alerts; one that has ended already has."""
    own = subscribing.alerts_of(cast(User, request.user)).filter(key=key)
    if own.exists():
        subscribing.end(key=key)
    messages.success(request, "Your alert has ended.")
    return redirect("my_alerts")


def _own(request: HttpRequest, key: UUID) -> Subscription:
    alert = subscribing.alerts_of(cast(User, request.user)).filter(key=key).first()
    if alert is None:
        raise Http404("There is no such alert of yours.")
    return alert
