"""Gives each page that anyone may see a picture, which other sites show beside a link to it."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from learning_hub.design_system import card_art
from learning_hub.design_system.emblem import as_png
from learning_hub.pages.models import HubPage
from learning_hub.pages.trail import HOME_DEPTH
from learning_hub.pages.visibility import ANYONE, visible_to

_DIGEST_SIGNS = 16
_A_YEAR = 365 * 24 * 60 * 60
_DRAWINGS_KEPT = 64  # of about 20 kB, in each process


def card_address(page: Page) -> str:
    """Where the card of `page` is. It changes with what is drawn, so a card is kept for good."""
    digest = _digest(*_words(page))
    return reverse("social_card", kwargs={"page_id": page.pk, "digest": digest})


def kind_of(page: Page) -> str:
    """What readers call this kind of page: “Case study”."""
    if page.depth == HOME_DEPTH:
        return card_art.TAGLINE
    model = page.specific_class
    name = str(model._meta.verbose_name) if model else ""
    return f"{name[:1].upper()}{name[1:]}".removesuffix(" page").removesuffix(" index")


@require_safe
def social_card(request: HttpRequest, page_id: str, digest: str) -> HttpResponse:
    """The card as PNG; a card that has changed is somewhere else. 404 unless anyone may see."""
    page = get_object_or_404(
        Page.objects.filter(visible_to(ANYONE)).only("title", "depth", "content_type"),
        pk=int(page_id),
    )
    if not issubclass(page.specific_class or Page, HubPage):
        raise Http404
    kind, title = _words(page)
    if digest != _digest(kind, title):
        response: HttpResponse = HttpResponseRedirect(card_address(page))
        patch_cache_control(response, no_cache=True)
        return response
    response = HttpResponse(_drawn(kind, title), content_type="image/png")
    patch_cache_control(response, public=True, max_age=_A_YEAR, immutable=True)
    return response


def _words(page: Page) -> tuple[str, str]:
    return kind_of(page), page.title


def _digest(kind: str, title: str) -> str:
    drawn = "\n".join((str(card_art.EDITION), kind, title))
    return hashlib.sha256(drawn.encode("utf-8", "replace")).hexdigest()[:_DIGEST_SIGNS]


@lru_cache(maxsize=_DRAWINGS_KEPT)
def _drawn(kind: str, title: str) -> bytes:
    return as_png(card_art.card(kind, title))
