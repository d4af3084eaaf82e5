"""Where moderators decide on an initiative: review, take up, decline."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from case_studies.submissions import deciding
from case_studies.submissions.admin import CHANGE
from case_studies.submissions.forms import DeclineForm
from case_studies.submissions.letters import explain_decline
from case_studies.submissions.models import Initiative
from learning_hub.accounts.models import User

_permitted = permission_required(CHANGE, raise_exception=True)


@require_POST
@_permitted
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the moderator looks at it."""
    try:
        deciding.start_review(initiative=_initiative(pk), by=_person(request))
        messages.success(request, "This initiative is in review now.")
    except deciding.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("initiatives:inspect", pk)


@require_POST
@_permitted
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the draft, and open it in the editor."""
    try:
        study = deciding.take_up(initiative=_initiative(pk), by=_person(request), at=timezone.now())
    except deciding.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("initiatives:inspect", pk)
    messages.success(
        request, f"“{study.title}” is a draft now. Visitors do not see it until it is published."
    )
    return redirect("wagtailadmin_pages:edit", study.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@_permitted
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, decline, and tell the sender if asked to."""
    initiative = _initiative(pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if not initiative.may_contact:
        del form.fields["tell_sender"]
    if form.is_valid():
        _decline(request, initiative, form)
        return redirect("initiatives:inspect", pk)
    context = {"initiative": initiative, "form": form}
    return render(request, "submissions/admin/decline.html", context)


def _decline(request: HttpRequest, initiative: Initiative, form: DeclineForm) -> None:
    given = form.cleaned_data
    try:
        declined = deciding.decline(
            initiative=initiative, reason=given["reason"], by=_person(request), at=timezone.now()
        )
    except deciding.Refused as refusal:
        messages.error(request, str(refusal))
        return
    messages.success(request, f"“{declined.title}” is declined.")
    if given.get("tell_sender") and not explain_decline(initiative=declined):
        messages.error(request, "The message to the sender could not be sent.")


def _initiative(pk: int) -> Initiative:
    return get_object_or_404(Initiative, pk=pk)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)  # the permission needs signing in


urlpatterns: list[URLPattern] = [
    path("initiatives/<int:pk>/review/", review, name="initiative_review"),
    path("initiatives/<int:pk>/take-up/", take_up, name="initiative_take_up"),
    path("initiatives/<int:pk>/decline/", decline, name="initiative_decline"),
]
