"""Guidance for tests: complete enough to be published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wagtail.models import Site

from learning_hub.guidance.models import (
    GuidanceAudience,
    GuidanceIndexPage,
    GuidancePage,
    Recommendation,
)

AUDIENCES = ("Employers",)
RECOMMENDATIONS = ("Plan a training case on every list",)


def make_guidance_index() -> GuidanceIndexPage:
    """The list at /guidance/, made once a test where no migration planted it."""
    existing = GuidanceIndexPage.objects.first()
    if existing:
        return existing
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=GuidanceIndexPage(title="Guidance", slug="guidance"))


def make_guidance(
    title: str = "Making the most of lists",
    *,
    audiences: tuple[str, ...] = AUDIENCES,
    recommendations: tuple[str, ...] = RECOMMENDATIONS,
    **fields: Any,
) -> GuidancePage:
    """Published, current guidance; `live=False` makes a draft."""
    page = GuidancePage(
        title=title,
        introduction=fields.pop("introduction", "How to train on every list."),
        issuing_body=fields.pop("issuing_body", "A committee (fictional)"),
        **fields,
    )
    page.audiences = [GuidanceAudience(name=name) for name in audiences]
    page.recommendations = [Recommendation(text=text) for text in recommendations]
    return make_guidance_index().add_child(instance=page)


def make_superseded(
    successor: GuidancePage, title: str = "Old rules", **fields: Any
) -> GuidancePage:
    """Guidance that `successor` replaces."""
    return make_guidance(title, status="superseded", successor=successor, **fields)


def make_withdrawn(title: str = "Wrong rules", **fields: Any) -> GuidancePage:
    """Guidance that holds no longer, and says why."""
    explained = {
        "withdrawn_on": dt.date(2025, 3, 1),
        "withdrawn_reason": "The figures in it were wrong.",
        "withdrawn_instead": "<p>Ask your head of school.</p>",
    }
    return make_guidance(title, status="withdrawn", **{**explained, **fields})
