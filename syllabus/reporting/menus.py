"""Where the admin offers the reports, to those who may see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from syllabus.models import Question


class PermittedMenuItem(MenuItem):
    """An entry for those with one permission."""

    def __init__(self, label: str, url: str, permission: str, **kwargs: Any) -> None:
        self.permission = permission
        super().__init__(label, url, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person has it."""
        return request.user.has_perm(self.permission)


def completions_item() -> MenuItem:
    """The completion report, in the menu of reports."""
    return PermittedMenuItem(
        "Syllabus completions",
        reverse("syllabus_completions"),
        "syllabus.view_completion",
        name="syllabus-completions",
        icon_name="table",
        order=950,
    )


def items_item() -> MenuItem:
    """The item analysis, in the menu of reports."""
    return PermittedMenuItem(
        "Item analysis",
        reverse("syllabus_item_modules"),
        "syllabus.change_question",
        name="syllabus-items",
        icon_name="help",
        order=960,
    )


def question_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """The way from a question in its list to how it does. No query."""
    if isinstance(snippet, Question) and user.has_perm("syllabus.change_question"):
        url = reverse("syllabus_question_items", args=[snippet.key])
        yield Button("Item analysis", url, icon_name="help", priority=40)


def report_permissions() -> QuerySet[Permission]:
    """The right to see completions, so that a group can be given it."""
    return Permission.objects.filter(content_type__app_label="syllabus", codename="view_completion")
