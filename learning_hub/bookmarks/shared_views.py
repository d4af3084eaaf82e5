"""The page behind a private link, for whoever has it, and the copy that she may take."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning_hub.bookmarks.copying import copy
from learning_hub.bookmarks.reading import read_shared
from learning_hub.bookmarks.refusals import Refused
from learning_hub.bookmarks.sharing import shared_by
from learning_hub.design_system.form_keys import key_in


@never_cache
@require_safe
def shared_collection(request: HttpRequest, token: str) -> HttpResponse:
    """What the visitor may see of a collection that is shared by a link."""
    share = shared_by(token)
    if share is None:
        return _no_collection(request)
    context = {
        "collection": share.collection,
        "owner": share.collection.user.first_name if share.shows_name else "",
        "entries": read_shared(request, share.collection),
        "is_own": share.collection.user_id == request.user.pk,
        "token": token,
        "key": key_in(request.POST),
    }
    return _kept_secret(request, render(request, "bookmarks/shared_collection.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy_collection(request: HttpRequest, token: str) -> HttpResponse:
    """Copy what the visitor may see to a collection of her own; who is not signed in signs in."""
    share = shared_by(token)
    if share is None:
        return _no_collection(request)
    address = reverse("shared_collection", args=[token])
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': address})}")
    if request.method != "POST":
        return redirect(address)
    try:
        made = copy(
            user=request.user,
            collection=share.collection,
            entries=[each.entry for each in read_shared(request, share.collection).rows],
            key=key_in(request.POST),
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    messages.success(request, f"Copied to your collections as “{made.name}”.")
    return redirect("my_collection", made.pk)


def _no_collection(request: HttpRequest) -> HttpResponse:
    """The same page for a link that was ended, mistyped or guessed."""
    return _kept_secret(request, render(request, "bookmarks/no_collection.html", status=404))


def _kept_secret(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The address opens the page, so it is neither indexed nor told to the pages it leads to.

    Someone signed in has forms on the page, and browsers send no origin with a form where there
    is to be no referrer at all; to other sites they send neither.
    """
    signed_in = request.user.is_authenticated
    response.headers["Referrer-Policy"] = "same-origin" if signed_in else "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
