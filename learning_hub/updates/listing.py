"""What an address asks of the letters: the list and its feed understand the same."""

from __future__ import annotations

from django.http import HttpRequest

from learning_hub.pages.dated_list import Narrowed, by_year
from learning_hub.pages.models import HubPageQuerySet

NARROWINGS = (by_year("dated_on"),)


def narrowed(letters: HubPageQuerySet, request: HttpRequest) -> Narrowed:
    """Those of `letters`, which are in order, that the address asks for. One query."""
    return Narrowed(letters, request.GET, NARROWINGS)
