"""Updates as an Atom feed, the newest letter first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from learning_hub.pages.atom import ENTRIES, PageFeed
from learning_hub.pages.dated_list import start_of
from learning_hub.pages.visibility import barriers_of, visitor_of
from learning_hub.updates.listing import narrowed
from learning_hub.updates.models import UpdatePage


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The newest letters, of `?year=` where it is given; an ETag saves a second reading."""
    shown = UpdatePage.objects.visible_to(visitor_of(request), barriers_of(request))
    found = narrowed(shown.newest_first(), request)
    asked = found.asked
    year = asked.chosen.get("year")
    atom = PageFeed(
        request,
        title=f"Updates of {year}" if year else "Updates",
        link=f"../{asked.query}",
        subtitle=" ".join(asked.notices),
    )
    for letter in found.pages[:ENTRIES]:
        atom.add_page(
            letter,
            summary=letter.introduction,
            author=f"{letter.author_name}, {letter.author_role}",
            published_at=start_of(letter.dated_on),
        )
    return atom.response()
