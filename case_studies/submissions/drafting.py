"""Makes the draft of a case study out of what somebody typed."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.text import Truncator, slugify

from case_studies.exchange.running_text import UncleanableHtml, as_html, settled_html
from case_studies.models import CaseStudyPage
from case_studies.submissions.models import Initiative

LONGEST_RESULT = 200
OUTCOMES_HEADING = "What came of it, in the sender’s words"


def draft_of(initiative: Initiative) -> CaseStudyPage:
    """A study with what the initiative says, not saved. Its sender is not named in it."""
    study = CaseStudyPage(
        title=initiative.title,
        slug="" if slugify(initiative.title) else f"initiative-{initiative.pk}",
        live=False,
        has_unpublished_changes=True,
        one_line_result=first_line(initiative.what_came_of_it),
        organisation=initiative.organisation,
        started_on=initiative.started_on,
        problem=running(initiative.what_was_wrong),
        procedures=running(initiative.what_was_done),
        lessons=running(initiative.do_differently),
        contact_role=initiative.sender_role,
        body=list(_body(initiative)),
    )
    study.specialties = list(initiative.specialties.all())
    study.stages = list(initiative.stages.all())
    study.regions = [initiative.region] if initiative.region else []
    return study


def running(text: str) -> str:
    """Typed text as the clean HTML that a page stores; markup too deep to clean stays as typed."""
    try:
        return as_html(text)
    except UncleanableHtml:
        return settled_html(f"<p>{escape(text, quote=False)}</p>")


def first_line(text: str) -> str:
    """The first line of a text, shortened to what fits."""
    line = " ".join(text.strip().partition("\n")[0].split())
    return Truncator(line).chars(LONGEST_RESULT)


def _body(initiative: Initiative) -> list[dict[str, Any]]:
    """What came of it, whole, for the editor to make outcomes of; and where to read more."""
    blocks = [
        {"type": "heading", "value": OUTCOMES_HEADING},
        {"type": "paragraph", "value": running(initiative.what_came_of_it)},
    ]
    if initiative.link:
        more = running(f"More about it: {initiative.link}")
        blocks.append({"type": "paragraph", "value": more})
    return blocks
