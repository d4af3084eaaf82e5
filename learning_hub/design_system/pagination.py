"""Which page numbers a long list offers, with an address for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One page of a list, or a gap between two (number 0)."""

    number: int = 0
    address: str = ""
    is_current: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether numbers are left out here."""
        return self.number == 0


@dataclass(frozen=True)
class Pagination:
    """What components/pagination.html shows; empty addresses where there is no way on."""

    steps: tuple[Step, ...]
    previous: str = ""
    next: str = ""


def pagination(*, page: int, pages: int, address: Callable[[int], str]) -> Pagination:
    """The steps around `page` (from 1), with the first and the last; `address` of a number."""
    return Pagination(
        steps=tuple(
            Step(number, address(number), number == page) if number else Step()
            for number in _numbers(page, pages)
        ),
        previous=address(page - 1) if page > 1 else "",
        next=address(page + 1) if page < pages else "",
    )


def _numbers(page: int, pages: int) -> Iterator[int]:
    last = 0
    for number in range(1, pages + 1):
        if number in (1, pages) or abs(number - page) <= 1:
            if number - last == 2:
                yield last + 1  # a gap of one takes as much room as the number itself
            elif number - last > 2:
                yield 0
            yield number
            last = number
