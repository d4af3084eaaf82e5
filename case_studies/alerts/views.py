"""The pages where an alert is asked for, confirmed and ended; none needs an account or a script."""

from __future__ import annotations

import logging
from typing import Any, cast

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from case_studies.alerts import links, subscribing
from case_studies.alerts.filters import LIBRARY, Asked, Filter, asked, read_back
from case_studies.alerts.forms import AlertForm
from case_studies.alerts.messages import confirmation
from case_studies.alerts.models import Subscriber, Subscription
from case_studies.alerts.subscribing import Confirmation
from learning_hub.accounts.models import User
from learning_hub.pages.visibility import visitor_of

logger = logging.getLogger(__name__)
READ_AND_POST = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(READ_AND_POST)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for an alert about the filter in the address.

    The answer is the same whether the address was new, waiting or confirmed.
    """
    wanted = asked(request.GET, visitor_of(request))
    form = AlertForm(_posted(request), initial={"email": getattr(request.user, "email", "")})
    if request.method != "POST" or not form.is_valid():
        return _form(request, wanted, form, 422 if form.errors else 200)
    email, frequency = form.cleaned_data["email"], form.cleaned_data["frequency"]
    if refusal := consume_or_429(request, action="alert", key=email):
        return cast(HttpResponse, refusal)
    if form.is_filled_by_a_program:
        return _asked(request, wanted, email)
    user = request.user
    if isinstance(user, User) and subscribing.owns(user, email):
        at = timezone.now()
        subscribing.begin(user=user, wanted=wanted.filter, frequency=frequency, at=at)
        messages.success(request, f"Your alert is on: new {wanted.sentence}.")
        return redirect("my_alerts")
    return _ask_by_mail(request, wanted, email, frequency)


@never_cache
@require_http_methods(READ_AND_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Turn an alert on: a look asks, since mail scanners look; a post does it."""
    try:
        named = links.read_confirm(token)
    except links.TooOld:
        return _shown(request, "too_old", {}, 410)
    except links.NotOurs:
        return _shown(request, "not_ours", {}, 404)
    state = _state(named)
    if request.method == "POST":
        state = subscribing.confirm(key=named.subscription, at=timezone.now())
    if state is Confirmation.ENDED:
        return _shown(request, "not_on", {}, 410)
    return _shown(request, "confirm", {"state": state, **_about(named)}, 200)


@never_cache
@csrf_exempt  # a mail program posts here with nothing but the address; see RFC 8058
@require_http_methods(READ_AND_POST)
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End an alert, or all of its address: a look asks, a post does it, any number of times."""
    try:
        named = links.read_end(token)
    except links.NotOurs:
        return _shown(request, "not_ours", {}, 404)
    context = {**_about(named), "is_all": "all" in request.POST}
    if request.method == "POST":
        _end(named, is_all=context["is_all"])
        context["alert"] = None
    context["has_more"] = Subscriber.objects.filter(key=named.subscriber).exists()
    return _shown(request, "end", context, 200)


def _ask_by_mail(request: HttpRequest, wanted: Asked, email: str, frequency: str) -> HttpResponse:
    """Write to the address, whatever it has already: one row, one message, one page."""
    subscription = subscribing.ask(
        email=email, wanted=wanted.filter, frequency=frequency, at=timezone.now()
    )
    try:
        confirmation(subscription).send()
    except OSError:  # every error of a mail server is one
        logger.exception("An alert could not be asked to be confirmed.")
        return _shown(request, "no_mail", {"again": _own_address(wanted.filter)}, 503)
    return _asked(request, wanted, email)


def _end(named: links.Named, *, is_all: bool) -> None:
    if is_all:
        subscribing.end_all(subscriber=named.subscriber)
    else:
        subscribing.end(key=named.subscription)


def _form(request: HttpRequest, wanted: Asked, form: AlertForm, status: int) -> HttpResponse:
    address = _own_address(wanted.filter)
    return _shown(request, "new", {"asked": wanted, "form": form, "address": address}, status)


def _asked(request: HttpRequest, wanted: Asked, email: str) -> HttpResponse:
    return _shown(request, "asked", {"asked": wanted, "email": email}, 200)


def _own_address(wanted: Filter) -> str:
    return reverse("alert_new") + wanted.address


def _state(named: links.Named) -> Confirmation | None:
    """How the alert stands before anything is done: None where it waits."""
    found = Subscription.objects.filter(key=named.subscription).first()
    if found is None:
        return Confirmation.ENDED
    return Confirmation.DONE_BEFORE if found.is_confirmed else None


def _about(named: links.Named) -> dict[str, Any]:
    """The alert, how it reads, and what else the page of a link needs."""
    found = Subscription.objects.select_related("subscriber").filter(key=named.subscription).first()
    if found is None:
        return {"alert": None}
    return {
        "alert": found,
        "sentence": read_back(found.query),
        "library": Filter(found.query).library,
        "end": reverse("alert_end", args=[links.end_token(found)]),
    }


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    context = {"library_address": LIBRARY, **context}
    return render(request, f"case_studies/alerts/{template}.html", context, status=status)


def _posted(request: HttpRequest) -> Any:
    """What was posted, an empty form too."""
    return request.POST if request.method == "POST" else None
