"""Takes a visitor's report of a problem."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from wagtail.models import Page

from learning_hub.feedback.models import Category, ProblemReport


def report_problem(
    *,
    key: UUID,
    path: str,
    page: Page | None,
    category: Category | str,
    text: str,
    email: str,
    at: dt.datetime,
) -> ProblemReport:
    """Keep the report. The same key is the same report, and its first words stand.

    `page` is the page at `path`, where there is one that the visitor may see.
    """
    facts = {"path": path, "page": page, "category": category, "text": text, "email": email}
    report, _ = ProblemReport.objects.get_or_create(key=key, defaults={**facts, "reported_at": at})
    return report
