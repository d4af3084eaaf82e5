"""Reads what a form of the assessment sent. Nothing in here is trusted, and nothing raises."""

from __future__ import annotations

from django.http import QueryDict

from syllabus.responses import Response

PLACE, MATCH = "place-", "match-"


def response_in(posted: QueryDict) -> Response:
    """The answer in every shape that one can have; `responses.checked` takes the one that fits.

    So the kind of the question need not be read from the database before the answer is saved.
    """
    return {
        "chosen": posted.getlist("chosen"),
        "order": _order(_named(posted, PLACE)),
        "pairs": _named(posted, MATCH),
        "number": posted.get("number", ""),
    }


def _named(posted: QueryDict, prefix: str) -> dict[str, str]:
    """The values of the fields whose name is `prefix` and the key of an option."""
    return {
        name.removeprefix(prefix): str(value)
        for name, value in posted.items()
        if name.startswith(prefix)
    }


def _order(places: dict[str, str]) -> list[str]:
    """The options in order of their places; none where a place is missing or given twice."""
    wanted = {str(number): number for number in range(1, len(places) + 1)}
    if set(places.values()) != set(wanted):
        return []
    return sorted(places, key=lambda option: wanted[places[option]])
