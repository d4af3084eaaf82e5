"""Case studies as an Atom feed: any search of the library, newest first."""

from __future__ import annotations

import datetime as dt
import re

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import conditional_page, require_safe

from case_studies import library
from case_studies.cards import Card
from case_studies.models import CaseStudyPage
from learning_hub.pages.visibility import visitor_of

ENTRIES = 50
# An empty feed was last updated when nothing was: a moving date would defeat conditional requests.
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# XML 1.0 has no way to write these.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _StudyFeed(Atom1Feed):
    """An Atom feed whose date of update follows from its entries alone."""

    def latest_post_date(self) -> dt.datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=_NEVER)


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest studies that the search of this address finds; an ETag saves a second reading."""
    order = {} if request.GET.get("sort") else {"sort": "newest"}
    finding = library.find(request.GET, visitor_of(request), page_size=ENTRIES, **order)
    atom = _StudyFeed(
        title=_xml(f"{finding.results.sentence} – Learning Hub"),
        link=request.build_absolute_uri("../?" + request.GET.urlencode()),
        feed_url=request.build_absolute_uri(),
        description="",  # Atom has a subtitle in its place
        subtitle=_xml(" ".join(finding.notices)) or None,
        author_name="Learning Hub",
        language="en-GB",
    )
    for card in finding.cards(CaseStudyPage.objects.live()):
        _add(atom, card, request)
    return HttpResponse(atom.writeString("utf-8"), content_type=Atom1Feed.content_type)


def _add(atom: Atom1Feed, card: Card, request: HttpRequest) -> None:
    study = card.study
    address = request.build_absolute_uri(study.get_url(request))
    atom.add_item(
        title=_xml(study.title),
        link=address,
        description=escape(_xml(study.one_line_result)),  # a summary of type html
        unique_id=f"urn:uuid:{study.translation_key}",
        author_name=_xml(study.organisation),
        pubdate=study.first_published_at or _NEVER,
        updateddate=study.last_published_at or study.first_published_at or _NEVER,
        categories=[_xml(entry.name) for entries in card.terms.values() for entry in entries],
    )


def _xml(text: str) -> str:
    return _NOT_XML.sub(" ", text)
