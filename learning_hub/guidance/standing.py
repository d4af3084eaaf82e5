"""Says in one line whether guidance still holds, for lists that show nothing but a line of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from learning_hub.guidance.models import GuidancePage


def with_standing(page: GuidancePage) -> str:
    """The introduction, after a warning where the guidance no longer holds. No query."""
    if page.is_current:
        return page.introduction
    return f"{page.get_status_display()}, no longer current. {page.introduction}"
