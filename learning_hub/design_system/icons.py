"""Answers browsers that ask for the site's icon, and phones that put it on their first screen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from learning_hub.design_system import emblem
from learning_hub.design_system.card_art import SITE, TAGLINE

SITE_CARD = "images/social-card.png"


@dataclass(frozen=True)
class Icon:
    """A picture that `build_frontend` draws; one that bleeds has no round corners of its own."""

    path: str
    side: int
    bleeds: bool = False


APPLE_TOUCH = Icon("icons/apple-touch-icon.png", 180, bleeds=True)
_MANIFEST_ICONS = {
    "any": (Icon("icons/icon-192.png", 192), Icon("icons/icon-512.png", 512)),
    "maskable": (Icon("icons/maskable-512.png", 512, bleeds=True),),
}
ICONS = (APPLE_TOUCH, *(icon for icons in _MANIFEST_ICONS.values() for icon in icons))


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon that browsers ask for at the root, whatever a page says."""
    return HttpResponse(_favicon(), content_type="image/x-icon")


@require_safe
@cache_control(public=True, max_age=86400)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to keep the site as an icon; it opens in the browser as ever."""
    content = {
        "name": SITE,
        "short_name": SITE,
        "description": TAGLINE,
        "lang": "en-GB",
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "theme_color": emblem.in_hex(emblem.INK),
        "background_color": emblem.in_hex(emblem.PAPER),
        "icons": [
            {
                "src": static(icon.path),
                "sizes": f"{icon.side}x{icon.side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for purpose, icons in _MANIFEST_ICONS.items()
            for icon in icons
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@lru_cache(maxsize=1)
def _favicon() -> bytes:
    return emblem.favicon()
