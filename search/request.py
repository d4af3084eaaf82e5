"""Reads a search from an address, and writes the address of a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.http import QueryDict

from learning_hub.once import once_a_visit
from learning_hub.pages.visibility import ANYONE, Visitor
from search import analysis, sync
from search.contract import MAX_PAGE_SIZE, PAGE_SIZE, Collection, Facet, SearchRequest, Value
from search.engines.answering import ask
from search.engines.protocol import Engine, IndexUnusable
from search.models import JournalPosition
from search.query import values_of

MAX_TEXT = 1_000
_DEFAULTS = SearchRequest()
_MAX_PAGE = 100_000
_MAX_VALUES = 200
_MAX_SHOWN = 60


def parse(
    collection: Collection, query: QueryDict, visitor: Visitor = ANYONE
) -> tuple[SearchRequest, list[str]]:
    """The request that an address asks for, and what of it was set aside, in plain words.

    Never raises, whatever the address holds: what cannot be is left out and said so.
    """
    notices: list[str] = []
    selections = {
        facet.key: chosen
        for facet in collection.facets
        if (chosen := _chosen(facet, collection, query, visitor, notices))
    }
    request = SearchRequest(
        text=_text(query, notices),
        selections=selections,
        sort=_sort(collection, query, notices),
        page=_number(query, "page", "page number", 1, _MAX_PAGE, notices),
        page_size=_number(query, "page_size", "page size", PAGE_SIZE, MAX_PAGE_SIZE, notices),
        visitor=visitor,
    )
    return request, notices


def query_string(collection: Collection, request: SearchRequest) -> str:
    """The address of a request after its path: "?q=…", or "" where nothing was asked."""
    pairs: list[tuple[str, str]] = []
    if request.text:
        pairs.append(("q", request.text))
    for facet in collection.facets:
        pairs += [(facet.key, value) for value in request.selections.get(facet.key, ())]
    for key, value, default in (
        ("sort", request.sort, _DEFAULTS.sort),
        ("page", request.page, _DEFAULTS.page),
        ("page_size", request.page_size, _DEFAULTS.page_size),
    ):
        if value != default:
            pairs.append((key, str(value)))
    return f"?{urlencode(pairs)}" if pairs else ""


def toggled(request: SearchRequest, key: str, value: str) -> SearchRequest:
    """The request with one value of a facet chosen, or let go where it was."""
    held = request.selections.get(key, ())
    if value in held:
        return without(request, key, value)
    return replace(request, selections={**request.selections, key: (*held, value)}, page=1)


def without(request: SearchRequest, key: str, value: str | None = None) -> SearchRequest:
    """The request without one value of a facet, or without any of it."""
    kept = tuple(held for held in request.selections.get(key, ()) if value not in (None, held))
    selections = {other: held for other, held in request.selections.items() if other != key}
    if kept:
        selections[key] = kept
    return replace(request, selections=selections, page=1)


def without_text(request: SearchRequest) -> SearchRequest:
    """The request without its words."""
    return replace(request, text="", page=1)


def with_text(request: SearchRequest, text: str) -> SearchRequest:
    """The request with other words, such as a better spelling."""
    return replace(request, text=text, page=1)


def sorted_by(request: SearchRequest, sort: str) -> SearchRequest:
    """The request in another order."""
    return replace(request, sort=sort, page=1)


def at_page(request: SearchRequest, page: int) -> SearchRequest:
    """Another page of the same results."""
    return replace(request, page=page)


def cleared(request: SearchRequest) -> SearchRequest:
    """The request without any selection; its words and order stay."""
    return replace(request, selections={}, page=1)


def _text(query: QueryDict, notices: list[str]) -> str:
    text = " ".join(analysis.clean(query.get("q") or "").split())
    if len(text) <= MAX_TEXT:
        return text
    notices.append(f"Your search was very long, so only its first {MAX_TEXT:,} letters were used.")
    return text[:MAX_TEXT].rstrip()


def _chosen(
    facet: Facet, collection: Collection, query: QueryDict, visitor: Visitor, notices: list[str]
) -> tuple[str, ...]:
    asked = list(dict.fromkeys(query.getlist(facet.key)[:_MAX_VALUES]))
    asked = [value for value in asked if value.strip()]
    if not asked:
        return ()
    slugs = _slugs(_values(facet, collection, visitor))
    notices += [_unknown(facet.label.lower(), value) for value in asked if value not in slugs]
    return tuple(dict.fromkeys(slugs[value] for value in asked if value in slugs))


def _values(facet: Facet, collection: Collection, visitor: Visitor) -> Sequence[Value]:
    """The facet's values; where documents hold them, those of the index as it is now."""
    if facet.values is not None:
        return facet.values()
    position = once_a_visit("journal", JournalPosition.current)

    def work(engine: Engine) -> Sequence[Value]:
        sync.ensure_current(position, engine)
        return values_of(facet, collection, visitor.tokens, engine)

    try:
        return ask(work, "values")
    except IndexUnusable:
        return ()


def _slugs(values: Iterable[Value]) -> dict[str, str]:
    """Each slug that may stand in an address, with the slug that it leads to."""
    listed = list(values)
    aliases = {alias: value.value for value in listed for alias in value.aliases}
    return aliases | {value.value: value.value for value in listed}


def _sort(collection: Collection, query: QueryDict, notices: list[str]) -> str:
    asked = query.get("sort") or ""
    if asked and asked not in {sort.key for sort in collection.sorts}:
        notices.append(_unknown("order", asked))
        asked = ""
    return asked or _DEFAULTS.sort


def _number(
    query: QueryDict, name: str, label: str, default: int, most: int, notices: list[str]
) -> int:
    asked = (query.get(name) or "").strip()
    if not asked:
        return default
    if asked.isascii() and asked.isdigit() and len(asked) <= 9 and 1 <= int(asked) <= most:
        return int(asked)
    notices.append(_unknown(label, asked))
    return default


def _unknown(label: str, value: str) -> str:
    shown = " ".join(analysis.clean(value).split())[:_MAX_SHOWN]
    return f"There is no {label} “{shown}”, so it was left out."
