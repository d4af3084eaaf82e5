"""Letters for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wagtail.models import Site

from learning_hub.updates.models import UpdateIndexPage, UpdatePage

BODY = [
    {"type": "paragraph", "value": "<p>Trusts may <b>apply</b> now.</p>"},
    {"type": "heading", "value": "What to do"},
    {"type": "paragraph", "value": "<ul><li>Plan</li><li>Ask</li></ul>"},
]


def make_update_index() -> UpdateIndexPage:
    """The list at /updates/: the one that is there, or a new one."""
    if existing := UpdateIndexPage.objects.first():
        return existing
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=UpdateIndexPage(title="Updates", slug="updates"))


def make_update(title: str = "Money for recovery", **fields: Any) -> UpdatePage:
    """A published letter."""
    values = {
        "dated_on": dt.date(2021, 9, 3),
        "recipients": "Directors of Medical Education",
        "author_name": "Alice Adams",
        "author_role": "Postgraduate dean (fictional)",
        "introduction": "What the money is for.",
        "body": [dict(block) for block in BODY],
    }
    letter = UpdatePage(title=title, **{**values, **fields})
    return make_update_index().add_child(instance=letter)
