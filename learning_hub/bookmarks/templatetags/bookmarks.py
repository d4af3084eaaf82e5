"""Lets a content page offer to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from wagtail.models import Page

from learning_hub.bookmarks.models import Bookmark
from learning_hub.pages.index_page import IndexPage

register = template.Library()


@dataclass(frozen=True)
class Keeping:
    """What is offered to a visitor. `bookmark` is the id of hers, or 0.

    `sign_in` is the address of the sign-in page, for someone who is signed out.
    """

    page: Page
    bookmark: int = 0
    sign_in: str = ""


@register.inclusion_tag("bookmarks/keep.html", takes_context=True)
def keep_page(context: dict[str, Any], page: Any, bookmark: Any = None) -> dict[str, Any]:
    """The button that keeps `page`, or what says that it is kept.

    Nothing on what is no page, nor on a list: every page leads there. One query for someone signed
    in, none where the page knows her `bookmark` already (0 for none).
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if (
        request is None
        or user is None
        or not isinstance(page, Page)
        or isinstance(page, IndexPage)
        or not page.pk
        or not page.live
    ):
        return {"keeping": None}
    if not user.is_authenticated:
        query = urlencode({"next": request.path})
        return {"keeping": Keeping(page, sign_in=f"{reverse('account_login')}?{query}")}
    if not isinstance(bookmark, int):
        own = Bookmark.objects.filter(user=user, page=page.pk)
        bookmark = own.values_list("pk", flat=True).first() or 0
    return {"keeping": Keeping(page, bookmark)}
