"""Finds case studies for a visitor: the one way for the page, the API and the feed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from case_studies import facets
from case_studies.cards import Card, cards
from learning_hub.pages.visibility import Visitor, barriers_now, visitor_of
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import Vocabularies
from search import query
from search.contract import Collection, SearchResults
from search.listing import Listing
from search.request import parse

if TYPE_CHECKING:  # the library page serves with this module, so it cannot import the page
    from case_studies.models import CaseStudyQuerySet


@dataclass(frozen=True)
class Finding:
    """What a visitor's parameters found, and what was ignored of them."""

    collection: Collection
    results: SearchResults
    notices: tuple[str, ...]
    vocabularies: Vocabularies

    def cards(self, studies: CaseStudyQuerySet) -> list[Card]:
        """The cards of this page of results that the visitor may see now, in one query."""
        visible = studies.visible_to(self.results.request.visitor, barriers_now())
        return cards(self.results.hits, visible, self.vocabularies)


def find(parameters: QueryDict, visitor: Visitor, **settings: Any) -> Finding:
    """Search the library with the parameters of an address; whatever they hold, it answers.

    `settings` replace parts of the search request (`page_size`, `sort`).
    """
    vocabularies = vocabulary.current()
    collection = facets.library(lambda: vocabularies)
    request, notices = parse(collection, parameters, visitor)
    results = query.run(collection, replace(request, **settings))
    return Finding(collection, results, (*notices, *results.notices), vocabularies)


def listing_context(request: HttpRequest, studies: CaseStudyQuerySet) -> dict[str, Any]:
    """What the library's template shows."""
    finding = find(request.GET, visitor_of(request))
    listing = Listing(finding.collection, finding.results, finding.notices, request.path)
    return {
        "listing": listing,
        "cards": finding.cards(studies),
        "alert_address": reverse("alert_new") + listing.query,
        "feed_address": reverse("case_study_feed") + listing.query,
        "api_address": reverse("api-v1:case-studies") + listing.query,
    }
