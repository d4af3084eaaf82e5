"""Case studies as an Atom feed: any search of the library, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from case_studies import library
from case_studies.models import CaseStudyPage
from learning_hub.pages.atom import ENTRIES, PageFeed
from learning_hub.pages.visibility import visitor_of


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest studies that the search of this address finds; an ETag saves a second reading."""
    order = {} if request.GET.get("sort") else {"sort": "newest"}
    finding = library.find(request.GET, visitor_of(request), page_size=ENTRIES, **order)
    atom = PageFeed(
        request,
        title=finding.results.sentence,
        link="../?" + request.GET.urlencode(),
        subtitle=" ".join(finding.notices),
    )
    for card in finding.cards(CaseStudyPage.objects.all()):
        atom.add_page(
            card.study,
            summary=card.study.one_line_result,
            author=card.study.organisation,
            categories=[entry.name for entries in card.terms.values() for entry in entries],
        )
    return atom.response()
