"""Shows what editors wrote: the one way in which rich text reaches a page."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText, expand_db_html

from learning_hub.blocks.outside_html import safe_running_text

register = template.Library()


@register.filter
def running_text(value: RichText | str | None) -> SafeString:
    """Rich text as HTML: links to pages and files resolved, anything that could run removed.

    Use it in the place of Wagtail's `richtext`, which shows whatever the database holds.
    """
    source = value.source if isinstance(value, RichText) else value or ""
    return mark_safe(safe_running_text(expand_db_html(source)))  # noqa: S308 - cleaned just now
