"""What guidance adds to the admin: no successor is deleted under what it replaces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.models import Page

from learning_hub.guidance.models import GuidancePage


@hooks.register("before_delete_page")
def keep_a_successor(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete one page that is, or holds, what replaces other guidance."""
    return _refusal(request, [page])


@hooks.register("before_bulk_action")
def keep_successors(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Refuse to delete many pages among which such a one is."""
    pages = [one for one in objects if isinstance(one, Page)]
    return _refusal(request, pages) if action_type == "delete" else None


def _refusal(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    for page in pages:
        below = Page.objects.descendant_of(page, inclusive=True).values("pk")
        replaced = GuidancePage.objects.filter(successor__in=below).first()
        if replaced is not None:
            messages.error(
                request,
                f"“{page}” was not deleted: “{replaced}” is replaced by guidance in it. "
                "Change that first, under Status.",
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
