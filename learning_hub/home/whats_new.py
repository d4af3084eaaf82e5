"""Finds what was published last, of any kind of page, for one visitor."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from learning_hub.pages.visibility import visitor_of
from search import query, registry
from search.contract import Collection, SearchRequest, Sort
from search.found_pages import PageFound, pages_of

NEWEST = Sort("newest", "Newest first", "published")


def newest(request: HttpRequest, kinds: Sequence[str], number: int) -> list[PageFound]:
    """At most `number` pages of `kinds` (of every kind where empty), the newest first.

    Two queries: the journal's position and the pages. Empty where search cannot answer.
    """
    everything = Collection(
        key="new",
        noun="page",
        noun_plural="pages",
        facets=(),
        sorts=(NEWEST,),
        kinds=tuple(kinds),
    )
    asked = SearchRequest(sort=NEWEST.key, page_size=number, visitor=visitor_of(request))
    return pages_of(query.run(everything, asked))


def kind_choices() -> list[tuple[str, str]]:
    """Every kind of page that can be found, for an editor to choose from."""
    return [(value.value, value.label) for value in registry.kinds()]
