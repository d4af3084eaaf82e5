"""Takes a trainee's steps through a module: start it, mark a lesson as read, confirm."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from learning_hub.accounts.models import User
from learning_hub.design_system.form_keys import key_in
from syllabus import enrolment, progress
from syllabus.models import CompletionRule, LessonPage, ModulePage
from syllabus.refusals import NameMissing, NotEnrolled, Refused
from syllabus.standing import standing
from syllabus.studying.finding import visible_lesson, visible_module
from syllabus.studying.reading import module_of


@never_cache
@require_POST
def start_module(request: HttpRequest, module_key: uuid.UUID) -> HttpResponse:
    """Start the module and lead to the lesson that it was started from, or else the first."""
    module = visible_module(request, module_key)
    if not request.user.is_authenticated:
        return _to_sign_in(module)
    try:
        enrolment.start(
            trainee=_trainee(request), module=module, key=key_in(request.POST), at=timezone.now()
        )
    except NameMissing as refusal:
        messages.error(request, str(refusal))
        query = urlencode({"next": module.get_url(request)})
        return redirect(f"{reverse('profile')}?{query}")
    except Refused as refusal:
        return _refused(request, refusal, module)
    messages.success(request, "You have started this module.")
    return redirect(_lesson_to_go_to(request, module).get_url(request))


@never_cache
@require_POST
def read_lesson(request: HttpRequest, lesson_key: uuid.UUID) -> HttpResponse:
    """Mark the lesson as read and lead to the next one, or back to the module."""
    lesson = visible_lesson(request, lesson_key)
    if not request.user.is_authenticated:
        return _to_sign_in(lesson)
    try:
        progress.read_lesson(trainee=_trainee(request), lesson=lesson, at=timezone.now())
    except NotEnrolled as refusal:
        if not _is_read(request, lesson):  # sent twice, where the first completed the module
            return _refused(request, refusal, lesson)
    module = module_of(lesson)
    following = module.lessons.filter(path__gt=lesson.path).first()
    if following is None and module.completion_rule == CompletionRule.VIEWED:
        messages.success(request, "You have read the last lesson.")
    return redirect((following or module).get_url(request))


@never_cache
@require_POST
def acknowledge_module(request: HttpRequest, module_key: uuid.UUID) -> HttpResponse:
    """Confirm the module's statement, which completes it."""
    module = visible_module(request, module_key)
    if not request.user.is_authenticated:
        return _to_sign_in(module)
    try:
        progress.acknowledge(trainee=_trainee(request), module=module, at=timezone.now())
    except Refused as refusal:
        return _refused(request, refusal, module)
    messages.success(request, "You have completed this module.")
    return redirect(module.get_url(request))


def _trainee(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - signed in, as the callers made sure
    return request.user


def _is_read(request: HttpRequest, lesson: LessonPage) -> bool:
    where = standing(_trainee(request).pk, module_of(lesson), timezone.now())
    return lesson.translation_key in where.read


def _lesson_to_go_to(request: HttpRequest, module: ModulePage) -> LessonPage | ModulePage:
    lessons = list(module.lessons.defer("body"))
    asked = [lesson for lesson in lessons if lesson.key == request.POST.get("lesson")]
    return next(iter(asked or lessons), module)


def _to_sign_in(page: LessonPage | ModulePage) -> HttpResponse:
    """Sign in, and come back to the page: an address that takes only POST is no place to land."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': page.get_url()})}")


def _refused(request: HttpRequest, refusal: Refused, page: LessonPage | ModulePage) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect(page.get_url(request))
