"""The map of the regions, for any page that has the request at hand."""

from __future__ import annotations

from typing import Any

from django import template

from learning_hub.regions import tile_map

register = template.Library()


@register.inclusion_tag("regions/tile_map.html", takes_context=True)
def region_map(context: dict[str, Any]) -> dict[str, Any]:
    """The map with its list; at most three queries. Its page links css/regions.css in its head."""
    request = context.get("request")
    return {"map": tile_map.region_map(request) if request is not None else None}
