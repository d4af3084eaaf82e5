"""Finds a module or a lesson by its key, for those who may see it and nobody else."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from learning_hub.pages.visibility import visitor_of
from syllabus.models import LessonPage, ModulePage


def visible_module(request: HttpRequest, module_key: UUID) -> ModulePage:
    """The published module that this visitor may see. Raises Http404."""
    visible = ModulePage.objects.visible_to(visitor_of(request))
    module: ModulePage | None = visible.filter(translation_key=module_key).first()
    if module is None:
        raise Http404
    return module


def visible_lesson(request: HttpRequest, lesson_key: UUID) -> LessonPage:
    """The published lesson that this visitor may see. Raises Http404."""
    visible = LessonPage.objects.visible_to(visitor_of(request))
    lesson: LessonPage | None = visible.filter(translation_key=lesson_key).first()
    if lesson is None:
        raise Http404
    return lesson
