"""Guidance as an Atom feed: what was issued, replaced or withdrawn, the latest change first."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from learning_hub.guidance.listing import Finding
from learning_hub.guidance.models import GuidancePage
from learning_hub.guidance.standing import with_standing
from learning_hub.pages.atom import ENTRIES, PageFeed


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """The guidance that changed last, for the audience asked for; an ETag saves another reading."""
    finding = Finding(request, GuidancePage.objects.all())
    atom = PageFeed(
        request,
        title=f"Guidance for {finding.audience}" if finding.audience else "Guidance",
        link=f"../{finding.query}",
        subtitle=finding.form.notice,
    )
    latest = finding.guidance.order_by(F("last_published_at").desc(nulls_last=True), "-pk")
    for page in latest[:ENTRIES]:
        atom.add_page(
            page,
            summary=with_standing(page),
            author=page.issuing_body,
            categories=[
                page.get_status_display(),
                *page.audience_list,
            ],
        )
    return atom.response()
