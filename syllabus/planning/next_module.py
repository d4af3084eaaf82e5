"""Names the one module that somebody goes on with, or begins, in one query."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Subquery, When
from django.http import HttpRequest

from learning_hub.pages.visibility import barriers_of, visitor_of
from syllabus.models import Enrolment, ModulePage, Prerequisite


@dataclass(frozen=True)
class NextModule:
    """The module, and whether she has begun it."""

    module: ModulePage
    is_begun: bool


def next_module(request: HttpRequest) -> NextModule | None:
    """The module that this visitor began last and has not completed; else the first to begin.

    Someone signed out is led to the first of all. A module that stands in for another (the one
    for boards) is nobody's next unless she began it. None where nothing is left to learn that
    she may see.
    """
    visible = ModulePage.objects.visible_to(visitor_of(request), barriers_of(request))
    waiting = visible.filter(numchild__gt=0).defer("body")
    if not request.user.is_authenticated:
        first = waiting.order_by("level", "path").first()
        return NextModule(first, is_begun=False) if first else None
    theirs = Enrolment.objects.filter(trainee=request.user, module_key=OuterRef("translation_key"))
    latest = theirs.order_by("-number")
    stands_in = Prerequisite.objects.filter(or_instead=OuterRef("pk"))
    ordered = waiting.annotate(
        open_since=Subquery(
            latest.annotate(since=Case(When(completion__isnull=True, then=F("started_at")))).values(
                "since"
            )[:1]
        ),
        is_left_out=Exists(theirs.filter(completion__isnull=False)) | Exists(stands_in),
    ).exclude(is_left_out=True, open_since__isnull=True)
    found = ordered.order_by(F("open_since").desc(nulls_last=True), "level", "path").first()
    return NextModule(found, is_begun=found.open_since is not None) if found else None
