"""The pages of the person who is signed in: her hub, her profile, the end of her reminders."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from learning_hub.accounts.models import User
from learning_hub.accounts.profile import profile_of, save_profile, stop_reminders
from learning_hub.accounts.profile_forms import ProfileForm
from learning_hub.bookmarks.shelf import read_shelf
from learning_hub.home.addresses import SYLLABUS_ADDRESS
from learning_hub.home.my_hub.reading import read_hub
from syllabus.planning.reminding import user_of

NEXT = "next"


@never_cache
@login_required
@require_safe
def my_hub(request: HttpRequest) -> HttpResponse:
    """What to go on with, what is due, to renew, to begin or done, and what she keeps."""
    context = {
        "hub": read_hub(request, timezone.now()),
        "shelf": read_shelf(request),
        "person": request.user,
        "syllabus_address": SYLLABUS_ADDRESS,
        "alerts_address": reverse("my_alerts"),
    }
    return render(request, "my/hub.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who she is and where in training; then back to where she came from."""
    user, come_from = cast(User, request.user), _come_from(request)
    form = ProfileForm(_posted(request), instance=profile_of(user), user=user)
    if request.method == "POST" and form.is_valid():
        save_profile(user=user, **form.facts)
        messages.success(request, "Your profile is saved.")
        return redirect(come_from or reverse("my_hub"))
    status = 422 if form.errors else 200
    context = {"form": form, "come_from": come_from}
    return render(request, "my/profile.html", context, status=status)


@never_cache
@csrf_exempt  # a mail program posts here with nothing but the address; see RFC 8058
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End somebody's reminders without signing in: a look asks, a post does it."""
    user_id = user_of(token)
    if user_id is None:
        raise Http404("This is not the address of a reminder.")
    if request.method == "POST":
        stop_reminders(user_id=user_id)
    return render(request, "my/stop.html", {"is_done": request.method == "POST"})


def _come_from(request: HttpRequest) -> str:
    """The page of this site to go back to; empty where none is named."""
    address = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, an empty form too."""
    return request.POST if request.method == "POST" else None
