"""Gives the pages of the syllabus what they show: models cannot reach the records from below."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from syllabus.models import LessonPage, ModulePage, SyllabusPage
from syllabus.studying import reading

register = template.Library()


@register.simple_tag(takes_context=True)
def read_syllabus(context: dict[str, Any], page: SyllabusPage) -> list[reading.LevelGroup]:
    """The modules by level."""
    return reading.read_syllabus(page, context["request"], timezone.now())


@register.simple_tag(takes_context=True)
def read_module(context: dict[str, Any], page: ModulePage) -> reading.ModuleView:
    """The module as this visitor sees it."""
    return reading.read_module(page, context["request"], timezone.now())


@register.simple_tag(takes_context=True)
def read_lesson(context: dict[str, Any], page: LessonPage) -> reading.LessonView:
    """The lesson as this visitor sees it."""
    return reading.read_lesson_page(page, context["request"], timezone.now())
