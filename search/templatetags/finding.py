"""The smallest parts of a page of results, which repeat too often for a template each."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from search.contract import FacetRow
from search.excerpts import Pieces

register = template.Library()


@register.filter
def marked(pieces: Pieces) -> SafeString:
    """A text in pieces, with the words that were asked for marked."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in pieces)
    )


@register.simple_tag
def facet_row(key: str, row: FacetRow) -> SafeString:
    """A box to tick for one value of the facet `key`, with its count."""
    state = " checked" if row.selected else " disabled" if row.disabled else ""
    return format_html(
        '<label><input type="checkbox" name="{}" value="{}"{}>'
        '<span>{} <span class="find-count">({})</span></span></label>',
        key,
        row.value,
        mark_safe(state),  # noqa: S308 one of three fixed words
        row.label,
        row.count,
    )
