"""The pages on which a trainee shares her record, and those on which a supervisor reads it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning_hub.accounts.models import User
from learning_hub.design_system.form_keys import key_in
from syllabus.record import sharing
from syllabus.record.achievements import shared_achievements
from syllabus.record.forms import ShareForm
from syllabus.record.shares import ShareState, share_with, shares_by, shares_with
from syllabus.refusals import Refused

_FIELDS: dict[type[Refused], str] = {
    sharing.OwnAddress: "supervisor_email",
    sharing.EndsWrongly: "last_day",
    sharing.NoModules: "modules",
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share_record(request: HttpRequest) -> HttpResponse:
    """With whom the trainee shares her record, and the form to share it with one more."""
    trainee, key = _person(request), key_in(request.POST)
    form = ShareForm(trainee, request.POST if request.method == "POST" else None)
    if form.is_valid() and (shared := _share(request, trainee, form, key)):
        _say(request, shared)
        return redirect("sharing")
    lines = shares_by(trainee, timezone.now())
    context = {
        "form": form,
        "key": key,
        "current": [line for line in lines if line.state is ShareState.IN_FORCE],
        "past": [line for line in lines if line.state is not ShareState.IN_FORCE],
    }
    status = 422 if form.errors else 200
    return render(request, "syllabus/record/sharing.html", context, status=status)


@never_cache
@login_required
@require_POST
def stop_sharing(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Stop at once."""
    try:
        share = sharing.withdraw(trainee=_person(request), share_id=share_id, at=timezone.now())
    except sharing.ShareNotFound as refusal:
        raise Http404 from refusal
    messages.success(
        request, f"You have stopped sharing. {share.supervisor_name} can no longer see your record."
    )
    return redirect("sharing")


@never_cache
@login_required
@require_safe
def shared_records(request: HttpRequest) -> HttpResponse:
    """Whose records the visitor may see."""
    lines = shares_with(_person(request), timezone.now())
    return render(request, "syllabus/record/shared_records.html", {"lines": lines})


@never_cache
@login_required
@require_safe
def shared_record(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """What one trainee shares with the visitor."""
    at = timezone.now()
    line = share_with(_person(request), share_id, at)
    if line is None:
        raise Http404
    context = {"line": line, "achievements": shared_achievements(line.share, at)}
    return render(request, "syllabus/record/shared_record.html", context)


def _share(
    request: HttpRequest, trainee: User, form: ShareForm, key: UUID
) -> sharing.Shared | None:
    """The share that the form asks for, or None and the reason in the form."""
    try:
        return sharing.share(
            trainee=trainee,
            supervisor_name=form.cleaned_data["supervisor_name"],
            supervisor_email=form.cleaned_data["supervisor_email"],
            module_keys=form.module_keys,
            ends_at=form.ends_at,
            page_address=request.build_absolute_uri(reverse("shared_records")),
            key=key,
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(_FIELDS.get(type(refusal)), str(refusal))
        return None


def _say(request: HttpRequest, shared: sharing.Shared) -> None:
    who, address = shared.share.supervisor_name, shared.share.supervisor_email
    if shared.was_told:
        messages.success(
            request, f"You share your record with {who}. We have written to {address}."
        )
    else:
        messages.warning(
            request,
            f"You share your record with {who}, but we could not send the message to {address}. "
            "Ask them to sign in to the Learning Hub with that address.",
        )


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
