"""The page on which somebody sends in an initiative, and the thanks."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from case_studies.models import CaseStudyIndexPage
from case_studies.submissions.forms import InitiativeForm
from case_studies.submissions.letters import confirm_receipt
from case_studies.submissions.receiving import receive
from learning_hub.design_system.form_keys import key_in

TOO_MANY = (
    "Many initiatives have come from your network within the last hour. "
    "What you wrote is still here: wait a while, then send it again."
)
NO_LETTER = (
    "Your initiative is here, but we have not written to you: the message could not be sent, or "
    "you have had several from us today."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """Ask what somebody did, and keep the answer for moderators."""
    form, status = InitiativeForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        if ratelimit.consume(request, action="share_initiative"):
            _keep(request, form)
            return redirect("initiative_shared")
        form.add_error(None, TOO_MANY)
        status = 429
    elif form.is_bound:
        status = 422
    context = {"form": form, "key": key_in(request.POST), "library": _library()}
    return render(request, "submissions/share.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "submissions/thanks.html", {"library": _library()})


def _library() -> CaseStudyIndexPage | None:
    """The page above this one, to visitors."""
    library: CaseStudyIndexPage | None = CaseStudyIndexPage.objects.live().first()
    return library


def _keep(request: HttpRequest, form: InitiativeForm) -> None:
    received = receive(key=key_in(request.POST), at=timezone.now(), **form.facts)
    if received.is_new and not confirm_receipt(initiative=received.initiative):
        messages.warning(request, NO_LETTER)
