"""Follows superseded guidance to what took its place, however many steps that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Case, Q, When
from django.http import HttpRequest

from learning_hub.pages.visibility import barriers_of, visible_to, visitor_of

if TYPE_CHECKING:
    from learning_hub.guidance.models import GuidancePage

# `?version=kept` shows a superseded text instead of leading on; `?from=` says whence one was led.
VERSION, KEPT, FROM = "version", "kept", "from"


@dataclass(frozen=True)
class Neighbours:
    """What a visitor of guidance is to read instead, and what she was led from."""

    successor: GuidancePage | None = None
    predecessor: GuidancePage | None = None


def leads_back(page: GuidancePage) -> bool:
    """Whether the successor of `page` would in the end be replaced by `page` itself. One query."""
    replaced = type(page).objects.filter(successor__isnull=False)
    steps = dict(replaced.values_list("pk", "successor_id"))
    return page.pk is not None and page.pk in set(_line(page, steps))


def way_on(page: GuidancePage, request: HttpRequest) -> str:
    """The address to send a visitor of superseded guidance to; empty where she is to stay."""
    if page.status != page.Status.SUPERSEDED or request.GET.get(VERSION) == KEPT:
        return ""
    successor = neighbours_of(page, request).successor
    if successor is None:
        return ""
    joined = "&" if successor.status == page.Status.SUPERSEDED else "?"
    return f"{successor.address_of_text(request)}{joined}{urlencode({FROM: page.slug})}"


def neighbours_of(page: GuidancePage, request: HttpRequest) -> Neighbours:
    """The last that took the place of `page`, and what the address says one was led from.

    Both only where the visitor may see them, and the second only where it is true. One query
    for superseded guidance and where the address says something; none otherwise.
    """
    is_superseded = page.status == page.Status.SUPERSEDED
    led_from = request.GET.get(FROM, "")
    if not is_superseded and not led_from:
        return Neighbours()
    others = _all_in_lines(page, request)
    steps = {pk: other.successor_id for pk, other in others.items()}
    line = list(_line(page, steps)) if is_superseded else []
    shown = [others[pk] for pk in line if pk in others and others[pk].may_be_seen]
    named = [other for other in others.values() if other.slug == led_from and other.may_be_seen]
    return Neighbours(
        successor=next((one for one in reversed(shown) if one.pk != page.pk), None),
        predecessor=next((one for one in named if page.pk in set(_line(one, steps))), None),
    )


def _all_in_lines(page: GuidancePage, request: HttpRequest) -> dict[int, Any]:
    """All guidance that replaces or is replaced, with whether the visitor may see it."""
    seen = Case(
        When(visible_to(visitor_of(request), barriers_of(request)), then=True), default=False
    )
    manager = type(page).objects
    replaced = manager.filter(successor__isnull=False)
    wanted = Q(successor__isnull=False) | Q(pk__in=replaced.values("successor"))
    fields = ("title", "slug", "url_path", "status", "successor")
    return {one.pk: one for one in manager.filter(wanted).annotate(may_be_seen=seen).only(*fields)}


def _line(page: GuidancePage, steps: dict[int, int | None]) -> Iterator[int]:
    """The ids of what took the place of `page`, one after the other, each once."""
    seen: set[int] = set()
    step: int | None = page.successor_id
    while step is not None and step not in seen:
        yield step
        seen.add(step)
        step = None if step == page.pk else steps.get(step)
