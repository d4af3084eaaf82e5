"""Lists guidance for a visitor: the one way for the page and its feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse

from learning_hub.design_system.pagination import Pagination, pagination
from learning_hub.guidance.forms import AudienceForm
from learning_hub.guidance.rows import GuidanceAudience
from learning_hub.pages.visibility import barriers_of, visitor_of

if TYPE_CHECKING:  # the list serves with this module, so it cannot import the page
    from learning_hub.guidance.models import GuidancePage, GuidanceQuerySet

PAGE_SIZE = 20
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Card:
    """One piece of guidance in the list, and the address where its own text can be read."""

    page: GuidancePage
    address: str


class Finding:
    """The guidance that an address asks for and its visitor may see."""

    def __init__(self, request: HttpRequest, guidance: GuidanceQuerySet) -> None:
        self.request = request
        self.visible = guidance.visible_to(visitor_of(request), barriers_of(request))
        self.form = AudienceForm(request.GET, audiences=self._audiences())
        self.guidance = self.visible
        if self.form.slug:
            self.guidance = self.visible.for_audience(self.form.slug)

    @property
    def query(self) -> str:
        """What the address says of this finding, apart from the page."""
        return f"?audience={self.form.slug}" if self.form.slug else ""

    @property
    def audience(self) -> str:
        """The name of the audience asked for; empty for everyone."""
        names = {str(slug): str(name) for slug, name in self.form.fields["audience"].choices}  # type: ignore[attr-defined]
        return names[self.form.slug] if self.form.slug else ""

    def _audiences(self) -> list[tuple[str, str]]:
        """Those to whom any guidance speaks that this visitor may see. One query."""
        rows = GuidanceAudience.objects.filter(page__in=self.visible.values("pk")).order_by("name")
        return list(
            {slug: (slug, name) for slug, name in rows.values_list("slug", "name")}.values()
        )


class GuidanceList:
    """One page of the list: what holds, then what no longer does. Two queries."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        found = finding.guidance.current_first()
        self._paginator = Paginator(found, PAGE_SIZE)
        self._number = _page_number(finding.request.GET.get("page", ""))
        self._page = self._paginator.get_page(self._number)

    @property
    def total(self) -> int:
        """How many there are, on all pages."""
        return int(self._paginator.count)

    @cached_property
    def cards(self) -> list[Card]:
        """Those of this page."""
        request = self.finding.request
        return [Card(page, page.address_of_text(request)) for page in self._page.object_list]

    @property
    def current(self) -> list[Card]:
        """Those of this page that hold."""
        return [card for card in self.cards if card.page.is_current]

    @property
    def no_longer_current(self) -> list[Card]:
        """Those of this page that no longer do."""
        return [card for card in self.cards if not card.page.is_current]

    @property
    def notices(self) -> Iterator[str]:
        """What of the address was ignored."""
        if self.finding.form.notice:
            yield self.finding.form.notice
        if self._number is None or self._number > self._paginator.num_pages:
            yield "There is no such page of this list, so another is shown."

    @property
    def pagination(self) -> Pagination:
        """The ways to the other pages."""
        return pagination(
            page=self._page.number, pages=self._paginator.num_pages, address=self._address
        )

    def _address(self, number: int) -> str:
        query = self.finding.query
        return f"{query}&page={number}" if query else f"?page={number}"


def _page_number(text: str) -> int | None:
    """The number that an address asks for; None where it is none."""
    if not text:
        return 1
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return (int(text) or None) if is_number else None


def listing_context(request: HttpRequest, guidance: GuidanceQuerySet) -> dict[str, Any]:
    """What the list's template shows."""
    finding = Finding(request, guidance)
    return {
        "finding": finding,
        "listing": GuidanceList(finding),
        "feed_address": reverse("guidance_feed") + finding.query,
    }
