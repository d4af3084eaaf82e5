"""The pages on which a person makes, orders, describes, shares and deletes her collections."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning_hub.accounts.models import User
from learning_hub.bookmarks import collecting, sharing
from learning_hub.bookmarks.forms import CollectionForm, EntryForm, ShareForm
from learning_hub.bookmarks.models import BookmarkCollection, CollectionEntry
from learning_hub.bookmarks.reading import collections_of, page_of, read_entries, read_entry
from learning_hub.bookmarks.refusals import NameTaken, Refused
from learning_hub.design_system.form_keys import key_in

_READ_AND_SEND = ["GET", "HEAD", "POST"]


@never_cache
@login_required
@require_http_methods(_READ_AND_SEND)
def my_collections(request: HttpRequest) -> HttpResponse:
    """Her collections, and the form that starts another."""
    form = CollectionForm(_posted(request))
    if form.is_valid() and (made := _start(request, form)):
        messages.success(request, f"You have started the collection “{made.name}”.")
        return redirect("my_collection", made.pk)
    context = {
        "collections": collections_of(_person(request)),
        "form": form,
        "key": key_in(request.POST),
    }
    return render(request, "bookmarks/my_collections.html", context, status=_status(form))


@never_cache
@login_required
@require_safe
def my_collection(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """One collection, with what can be done with it."""
    collection = _own(request, collection_id)
    entries = read_entries(request, collection, request.GET.get("page", ""))
    context = {"collection": collection, "entries": entries}
    return render(request, "bookmarks/my_collection.html", context)


@never_cache
@login_required
@require_http_methods(_READ_AND_SEND)
def edit_collection(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """Its name and its description."""
    collection = _own(request, collection_id)
    now = {"name": collection.name, "description": collection.description}
    form = CollectionForm(_posted(request), initial=now)
    if form.is_valid() and _describe(request, collection_id, form):
        messages.success(request, "The collection is saved.")
        return redirect("my_collection", collection_id)
    context = {"collection": collection, "form": form}
    return render(request, "bookmarks/edit_collection.html", context, status=_status(form))


@never_cache
@login_required
@require_http_methods(_READ_AND_SEND)
def delete_collection(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """A look asks, a post deletes."""
    collection = _own(request, collection_id)
    if request.method == "POST":
        collecting.delete(user=_person(request), collection_id=collection_id)
        messages.success(request, f"“{collection.name}” is deleted. Its pages are still bookmarks.")
        return redirect("my_collections")
    return render(request, "bookmarks/delete_collection.html", {"collection": collection})


@never_cache
@login_required
@require_http_methods(_READ_AND_SEND)
def share_collection(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """The private link: a look shows it, a post makes a new one."""
    collection = _own(request, collection_id)
    form = ShareForm(_posted(request))
    if form.is_valid():
        sharing.make_link(
            user=_person(request),
            collection_id=collection_id,
            shows_name=form.cleaned_data["shows_name"],
            at=timezone.now(),
        )
        messages.success(request, "The private link is made.")
        return redirect("share_collection", collection_id)
    share = collection.shares.filter(ended_at__isnull=True).first()
    address = reverse("shared_collection", args=[share.token]) if share else ""
    context = {
        "collection": collection,
        "form": form,
        "share": share,
        "address": request.build_absolute_uri(address) if share else "",
    }
    return render(request, "bookmarks/share_collection.html", context)


@never_cache
@login_required
@require_POST
def end_link(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """End the link at once."""
    _own(request, collection_id)
    sharing.end_link(user=_person(request), collection_id=collection_id, at=timezone.now())
    messages.success(request, "The link is ended. It no longer opens the collection.")
    return redirect("share_collection", collection_id)


@never_cache
@login_required
@require_http_methods(_READ_AND_SEND)
def edit_entry(request: HttpRequest, collection_id: UUID, entry_id: int) -> HttpResponse:
    """Where one page stands in the collection, and why it is there."""
    collection = _own(request, collection_id)
    entry = collection.entries.select_related("bookmark__page").filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    form = EntryForm(_posted(request), initial={"place": entry.position, "note": entry.note})
    if form.is_valid():
        return _to_entry(collection_id, entry_id, _change(request, entry, form))
    context = {"collection": collection, "row": read_entry(request, entry), "form": form}
    return render(request, "bookmarks/edit_entry.html", context, status=_status(form))


@never_cache
@login_required
@require_POST
def move_entry(request: HttpRequest, collection_id: UUID, entry_id: int) -> HttpResponse:
    """One place up or down."""
    _own(request, collection_id)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return redirect("my_collection", collection_id)
    place = collecting.move(
        user=_person(request),
        collection_id=collection_id,
        entry_id=entry_id,
        place=form.cleaned_data["place"],
    )
    return _to_entry(collection_id, entry_id, place)


@never_cache
@login_required
@require_POST
def take_out_entry(request: HttpRequest, collection_id: UUID, entry_id: int) -> HttpResponse:
    """Take a page out; its bookmark stays."""
    _own(request, collection_id)
    collecting.take_out(user=_person(request), collection_id=collection_id, entry_id=entry_id)
    messages.success(request, "The page is out of this collection. It is still a bookmark.")
    return redirect("my_collection", collection_id)


def _start(request: HttpRequest, form: CollectionForm) -> BookmarkCollection | None:
    """The collection that the form asks for, or None and the reason in the form."""
    try:
        return collecting.start_collection(
            user=_person(request), key=key_in(request.POST), at=timezone.now(), **form.cleaned_data
        )
    except Refused as refusal:
        form.add_error("name", str(refusal))
        return None


def _describe(request: HttpRequest, collection_id: UUID, form: CollectionForm) -> bool:
    user = _person(request)
    try:
        collecting.describe(user=user, collection_id=collection_id, **form.cleaned_data)
    except NameTaken as refusal:
        form.add_error("name", str(refusal))
        return False
    return True


def _change(request: HttpRequest, entry: CollectionEntry, form: EntryForm) -> int:
    """Save the note and move the entry; where it is now."""
    which: dict[str, Any] = {
        "user": _person(request),
        "collection_id": entry.collection_id,
        "entry_id": entry.pk,
    }
    return collecting.place_and_note(**which, **form.cleaned_data)


def _to_entry(collection_id: UUID, entry_id: int, place: int) -> HttpResponse:
    """Back to the collection, to where the page stands now."""
    address = reverse("my_collection", args=[collection_id])
    return redirect(f"{address}?page={page_of(place)}#entry-{entry_id}" if place else address)


def _own(request: HttpRequest, collection_id: UUID) -> BookmarkCollection:
    """Her collection; somebody else's is as little there as none."""
    own = BookmarkCollection.objects.of(_person(request).pk)
    found = own.with_sizes().filter(pk=collection_id).first()
    if found is None:
        raise Http404
    return found


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, an empty form too."""
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
