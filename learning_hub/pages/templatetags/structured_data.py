"""Puts what machines read of a page into its head."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.safestring import SafeString

from learning_hub.design_system.icons import SITE_CARD
from learning_hub.pages import link_preview as previews
from learning_hub.pages.models import HubPage
from learning_hub.pages.structured_data import address_of, as_script, describe

register = template.Library()


@register.simple_tag(takes_context=True)
def structured_data(context: dict[str, Any]) -> SafeString | str:
    """The description of the page that is shown; nothing for a preview or what is no page."""
    page, request = context.get("page"), context.get("request")
    if not isinstance(page, HubPage) or request is None or not page.pk or not page.live:
        return ""
    return as_script(describe(page, request))


@register.simple_tag(takes_context=True)
def canonical_address(context: dict[str, Any]) -> str:
    """The page's one address, whatever parameters it was asked for with; empty for no page."""
    page, request = context.get("page"), context.get("request")
    if not isinstance(page, HubPage) or request is None or not page.pk:
        return ""
    return address_of(page, request)


@register.simple_tag(takes_context=True)
def link_preview(context: dict[str, Any]) -> previews.LinkPreview | None:
    """What other sites may show of the page; None for a preview, what is no page or is closed."""
    page, request = context.get("page"), context.get("request")
    if not isinstance(page, HubPage) or request is None or not page.pk or not page.live:
        return None
    return previews.link_preview(page, request)


@register.simple_tag(takes_context=True)
def site_card(context: dict[str, Any]) -> str:
    """The whole address of the picture of the site, for what is no page."""
    request: HttpRequest | None = context.get("request")
    address = static(SITE_CARD)
    return request.build_absolute_uri(address) if request else address
