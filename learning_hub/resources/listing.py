"""What an address asks of the resources: the list and its feed understand the same."""

from __future__ import annotations

from django.http import HttpRequest

from learning_hub.pages.dated_list import Narrowed, Narrowing, by_year
from learning_hub.pages.models import HubPageQuerySet
from learning_hub.resources.kinds import ResourceKind

KINDS = {kind.value: kind.plural for kind in ResourceKind}
NARROWINGS = (Narrowing("kind", "Kind", "kind", KINDS, "All kinds"), by_year("published_on"))


def narrowed(resources: HubPageQuerySet, request: HttpRequest) -> Narrowed:
    """Those of `resources`, which are in order, that the address asks for. One query."""
    return Narrowed(resources, request.GET, NARROWINGS)
