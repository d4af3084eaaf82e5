"""A small library and a visitor's way to search it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict

from case_studies.facets import library
from learning_hub.pages.visibility import ANYONE, Visitor
from search import query
from search.contract import SearchResults
from search.request import parse


@pytest.fixture
def find(db: None, search_index: Any) -> Callable[..., SearchResults]:
    """Search the library with an address, as a visitor does."""

    def search(address: str = "", visitor: Visitor = ANYONE) -> SearchResults:
        request, _ = parse(library(), QueryDict(address), visitor)
        return query.run(library(), request)

    return search


def titles(results: SearchResults) -> list[str]:
    """The titles of the hits, marks taken off."""
    return ["".join(text for text, _ in hit.title_pieces) for hit in results.hits]


def counts(results: SearchResults, facet: str) -> dict[str, int]:
    """A facet's counts, without zeros."""
    rows = next(found.rows for found in results.facets if found.key == facet)
    return {row.value: row.count for row in rows if row.count}
