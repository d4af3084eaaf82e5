"""The page of a person's bookmarks, and the steps that keep, remove and collect them."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from learning_hub.accounts.models import User
from learning_hub.bookmarks import collecting, keeping
from learning_hub.bookmarks.forms import CollectForm, numbers_in
from learning_hub.bookmarks.models import Bookmark, BookmarkCollection
from learning_hub.bookmarks.reading import read_bookmarks
from learning_hub.bookmarks.refusals import CollectionNotFound, NameTaken, NothingChosen, Refused
from learning_hub.design_system.form_keys import key_in
from learning_hub.pages.visibility import barriers_of, visible_to, visitor_of

KEPT_AT = "keep"  # where a page says that it is kept


@never_cache
@login_required
@require_safe
def my_bookmarks(request: HttpRequest) -> HttpResponse:
    """Her bookmarks, newest first, and the form that collects or removes them."""
    return _listed(request, CollectForm(_collections(request), None))


@never_cache
@require_POST
def keep_page(request: HttpRequest) -> HttpResponse:
    """Keep a page that she may see, and go back to it."""
    page = _page_in(request, "page")
    if not request.user.is_authenticated:
        return _to_sign_in((page and page.get_url(request)) or "/")
    if page is None:
        messages.error(request, "This page cannot be kept.")
        return redirect("my_bookmarks")
    address = page.get_url(request) or "/"
    try:
        keeping.keep(user=_person(request), page=page, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    return redirect(f"{address}#{KEPT_AT}")


@never_cache
@require_POST
def remove_bookmarks(request: HttpRequest) -> HttpResponse:
    """Remove what was chosen; first ask, where her collections would lose it too."""
    if not request.user.is_authenticated:
        return _to_sign_in(reverse("my_bookmarks"))
    chosen = numbers_in(request.POST, "bookmark")
    own = Bookmark.objects.of(_person(request).pk).filter(pk__in=chosen)
    bookmarks = list(own.select_related("page").prefetch_related("entries__collection"))
    stay = _page_in(request, "stay")
    is_sure = request.POST.get("sure") == "yes"
    if not is_sure and any(bookmark.entries.all() for bookmark in bookmarks):
        back = stay.get_url(request) if stay else reverse("my_bookmarks")
        context = {"bookmarks": bookmarks, "stay": stay, "back": back}
        return render(request, "bookmarks/remove.html", context)
    titles = keeping.remove(user=_person(request), bookmark_ids=chosen)
    if stay is not None:
        return redirect(f"{stay.get_url(request)}#{KEPT_AT}")
    _say_removed(request, titles)
    return redirect("my_bookmarks")


@never_cache
@require_POST
def collect_bookmarks(request: HttpRequest) -> HttpResponse:
    """Add what was ticked to a collection, an existing or a new one, and show it."""
    if not request.user.is_authenticated:
        return _to_sign_in(reverse("my_bookmarks"))
    chosen = numbers_in(request.POST, "bookmark")
    form = CollectForm(_collections(request), chosen, request.POST)
    if form.is_valid() and (found := _collect(request, form, chosen)):
        return redirect("my_collection", found)
    return _listed(request, form)


def _page_in(request: HttpRequest, name: str) -> Page | None:
    """The page whose id was sent, if the visitor may see it."""
    visible = Page.objects.filter(visible_to(visitor_of(request), barriers_of(request)))
    return visible.filter(pk__in=numbers_in(request.POST, name)[:1]).first()


def _collect(request: HttpRequest, form: CollectForm, chosen: list[int]) -> object:
    """The id of the collection that they are in now, or None and the reason in the form."""
    user, given = _person(request), form.cleaned_data
    try:
        collection_id, added = collecting.collect(
            user=user,
            collection_id=given.get("collection"),
            new_name=given["new_name"],
            bookmark_ids=chosen,
            key=key_in(request.POST),
            at=timezone.now(),
        )
    except Refused as refusal:
        fields = {NameTaken: "new_name", CollectionNotFound: "collection", NothingChosen: None}
        form.add_error(fields.get(type(refusal)), str(refusal))
        return None
    messages.success(request, _added(added))
    return collection_id


def _added(number: int) -> str:
    if number == 0:
        return "The collection has these pages already."
    return f"Added {number} page{'' if number == 1 else 's'} to the collection."


def _say_removed(request: HttpRequest, titles: list[str]) -> None:
    if len(titles) == 1:
        messages.success(request, f"“{titles[0]}” is no longer in your bookmarks.")
    elif titles:
        messages.success(request, f"{len(titles)} pages are no longer in your bookmarks.")
    else:
        messages.error(request, str(NothingChosen()))


def _listed(request: HttpRequest, form: CollectForm) -> HttpResponse:
    listing = read_bookmarks(request, request.GET.get("type", ""), request.GET.get("page", ""))
    context = {
        "listing": listing,
        "form": form,
        "chosen": form.chosen or [],
        "key": key_in(request.POST),
    }
    status = 422 if form.errors else 200
    return render(request, "bookmarks/my_bookmarks.html", context, status=status)


def _collections(request: HttpRequest) -> list[BookmarkCollection]:
    return list(BookmarkCollection.objects.of(_person(request).pk))


def _to_sign_in(address: str) -> HttpResponse:
    """Sign in first, and come back to where the button is."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': address})}")


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
