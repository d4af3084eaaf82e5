"""A list of dated pages, the newest first: narrowed by what the address says, a page at a time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone

from learning_hub.design_system.pagination import Pagination, pagination
from learning_hub.pages.models import HubPage, HubPageQuerySet

PAGE_SIZE = 20
_MAX_SHOWN = 60
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Narrowing:
    """One way to narrow a list.

    `key` is the word in the address, `label` what it is called, `lookup` the condition on pages,
    `options` what may be chosen: the value in the address → its label, in their order; where there
    are none they are the values of the pages, from the highest down. `everything` is what it is
    called to choose none of them.
    """

    key: str
    label: str
    lookup: str
    options: Mapping[str, str] = field(default_factory=dict)
    everything: str = "All"


@dataclass(frozen=True)
class Option:
    """One choice, with the address that makes it."""

    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class OptionList:
    """What components/list_options.html shows: the choices of one narrowing."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list; `notices` say what of it was set aside, in plain words."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    notices: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The choices as they stand in an address, without the page: "?year=2021", or ""."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""


@dataclass(frozen=True)
class DatedList:
    """One page of a list, ready to show."""

    pages: tuple[HubPage, ...]
    total: int
    number: int
    asked: Asked
    choices: tuple[OptionList, ...]
    pagination: Pagination
    notices: tuple[str, ...]


def start_of(day: dt.date) -> dt.datetime:
    """The moment at which a day begins here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def by_year(name: str) -> Narrowing:
    """The years of the date field `name`."""
    return Narrowing("year", "Year", f"{name}__year")


class Narrowed:
    """What an address asks of `pages`, and what answers it. One query, for what may be chosen."""

    def __init__(
        self, pages: HubPageQuerySet, query: QueryDict, narrowings: Sequence[Narrowing]
    ) -> None:
        """`pages` are those that the visitor may see, in order."""
        lookups = [narrowing.lookup for narrowing in narrowings]
        tally = pages.order_by().values_list(*lookups).annotate(number=Count("pk"))
        self._tally = [(tuple(map(str, values)), number) for *values, number in tally]
        self._pages = pages
        self.narrowings = [
            narrowing if narrowing.options else replace(narrowing, options=self._found(place))
            for place, narrowing in enumerate(narrowings)
        ]
        self.asked = _read(query, self.narrowings)

    @property
    def total(self) -> int:
        """How many pages were asked for. No query."""
        wanted = [self.asked.chosen.get(narrowing.key) for narrowing in self.narrowings]
        return sum(
            number
            for values, number in self._tally
            if all(want in (None, value) for want, value in zip(wanted, values, strict=True))
        )

    @property
    def pages(self) -> HubPageQuerySet:
        """The pages that were asked for."""
        conditions = {
            narrowing.lookup: self.asked.chosen[narrowing.key]
            for narrowing in self.narrowings
            if narrowing.key in self.asked.chosen
        }
        found: HubPageQuerySet = self._pages.filter(**conditions)
        return found

    def _found(self, place: int) -> dict[str, str]:
        values = {values[place] for values, _ in self._tally} - {str(None)}
        return {value: value for value in sorted(values, reverse=True)}


def dated_list(narrowed: Narrowed) -> DatedList:
    """The page of the list that was asked for, or the last. One query."""
    asked, total = narrowed.asked, narrowed.total
    last = max(1, -(-total // PAGE_SIZE))
    number = min(asked.page, last)
    notices = list(asked.notices)
    if number != asked.page:
        notices.append(f"There is no page {asked.page}. This is the last one, page {last}.")
    return DatedList(
        pages=tuple(narrowed.pages[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]),
        total=total,
        number=number,
        asked=asked,
        choices=tuple(_choices(asked, narrowed.narrowings)),
        pagination=pagination(page=number, pages=last, address=lambda n: _address(asked.chosen, n)),
        notices=tuple(notices),
    )


def _read(query: QueryDict, narrowings: Sequence[Narrowing]) -> Asked:
    """What an address asks for. Never raises: what cannot be is left out and said so."""
    notices: list[str] = []
    chosen: dict[str, str] = {}
    for narrowing in narrowings:
        asked = (query.get(narrowing.key) or "").strip()
        if asked in narrowing.options:
            chosen[narrowing.key] = asked
        elif asked:
            notices.append(_left_out(narrowing.label.lower(), asked))
    page = (query.get("page") or "").strip()
    if page and not _is_page_number(page):
        notices.append(_left_out("page", page))
        page = ""
    return Asked(chosen, int(page or 1), tuple(notices))


def _choices(asked: Asked, narrowings: Sequence[Narrowing]) -> Iterator[OptionList]:
    for narrowing in narrowings:
        if not narrowing.options:
            continue
        others = {key: value for key, value in asked.chosen.items() if key != narrowing.key}
        chosen = asked.chosen.get(narrowing.key)
        options = [Option(narrowing.everything, _address(others), chosen is None)]
        for value, label in narrowing.options.items():
            address = _address({**others, narrowing.key: value})
            options.append(Option(label, address, value == chosen))
        yield OptionList(narrowing.label, tuple(options))


def _address(chosen: Mapping[str, Any], page: int = 1) -> str:
    """Relative to the list's own address; a lone "?" takes away what was asked before."""
    return "?" + urlencode({**chosen, **({"page": page} if page > 1 else {})})


def _is_page_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1


def _left_out(label: str, value: str) -> str:
    shown = " ".join(_UNPRINTABLE.sub(" ", value).split())[:_MAX_SHOWN]
    return f"There is no {label} “{shown}”, so it was left out."
