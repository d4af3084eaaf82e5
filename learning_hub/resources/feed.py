"""Resources as an Atom feed, the newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from learning_hub.pages.atom import ENTRIES, PageFeed
from learning_hub.pages.dated_list import start_of
from learning_hub.pages.visibility import barriers_of, visitor_of
from learning_hub.resources.kinds import ResourceKind
from learning_hub.resources.listing import narrowed
from learning_hub.resources.models import ResourcePage


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest resources, of `?kind=` and `?year=` where they are given.

    An ETag saves a second reading.
    """
    shown = ResourcePage.objects.visible_to(visitor_of(request), barriers_of(request))
    found = narrowed(shown.newest_first(), request)
    asked = found.asked
    kind, year = asked.chosen.get("kind"), asked.chosen.get("year")
    title = ResourceKind(kind).plural if kind else "Resources"
    atom = PageFeed(
        request,
        title=f"{title} of {year}" if year else title,
        link=f"../{asked.query}",
        subtitle=" ".join(asked.notices),
    )
    for page in found.pages[:ENTRIES]:
        atom.add_page(
            page,
            summary=page.introduction,
            author=page.publisher,
            categories=[page.get_kind_display()],
            published_at=start_of(page.published_on) if page.published_on else None,
        )
    return atom.response()
