"""Searches the whole site, and suggests while someone types; knows collections, no room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from learning_hub.pages.visibility import barriers_now, visible_to, visitor_of
from search import query, registry
from search.contract import Collection, Facet, Sort
from search.found_pages import pages_of
from search.listing import Listing
from search.request import parse
from search.suggestions import suggest


def whole_site() -> Collection:
    """Every page there is, narrowed by its kind and by the facets of every registered listing."""
    facets: dict[str, Facet] = {}
    for collection in registry.collections():
        facets = {facet.key: facet for facet in collection.facets} | facets
    return Collection(
        key="site",
        noun="page",
        noun_plural="pages",
        facets=(registry.KIND_FACET, *facets.values()),
        sorts=(
            Sort("relevance", "Best match", "score"),
            Sort("newest", "Newest first", "published"),
            Sort("title", "Title, A to Z", "title"),
        ),
    )


@require_safe
def site_search(request: HttpRequest) -> HttpResponse:
    """Find pages of every kind."""
    collection = whole_site()
    asked, notices = parse(collection, request.GET, visitor_of(request))
    results = query.run(collection, asked)
    listing = Listing(collection, results, (*notices, *results.notices), request.path)
    return render(request, "search/site.html", {"listing": listing, "found": pages_of(results)})


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Ways to go on from what `q` holds so far, in the listing that `collection` names.

    A suggestion of kind "facet" or "word" is a search: `query` is its address after the path. One
    of kind "title" is a page, at `url`.
    """
    collection = _collection(request.GET.get("collection"))
    visitor = visitor_of(request)
    found = suggest(collection, request.GET.get("q") or "", visitor)
    visible = Page.objects.filter(visible_to(visitor, barriers_now()))
    pages = visible.in_bulk([each.page_id for each in found if each.page_id])
    return JsonResponse(
        {
            "suggestions": [
                {
                    "kind": each.kind,
                    "label": each.label,
                    "detail": each.detail,
                    "query": each.query,
                    "url": pages[each.page_id].get_url(request) if each.page_id else None,
                }
                for each in found
                if each.page_id is None or each.page_id in pages
            ]
        }
    )


def _collection(key: str | None) -> Collection:
    """The listing of this key; the whole site where there is none."""
    return registry.collection(key or "") or whole_site()
