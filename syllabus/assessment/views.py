"""The pages of an assessment: its rules, its questions one by one, the overview, the result."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning_hub.accounts.models import User
from learning_hub.design_system.form_keys import key_in
from syllabus import attempts
from syllabus.assessment import presenting
from syllabus.assessment.forms import HandInForm, QuestionForm, typed_for, typed_in
from syllabus.assessment.reading import response_in
from syllabus.drawing import shown
from syllabus.models import Attempt, CompletionRule, ModulePage
from syllabus.refusals import AttemptClosed, AttemptNotFound, Refused, ResponseNotUnderstood
from syllabus.standing import Standing, standing
from syllabus.studying.finding import visible_module

FOLDER = "syllabus/assessment"
REFUSED, NOT_UNDERSTOOD = 409, 422


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: HttpRequest, module_key: UUID) -> HttpResponse:
    """Show the rules, or go on with the open attempt; POST begins one."""
    trainee, now = _trainee(request), timezone.now()
    module = _module(request, module_key)
    if request.method == "POST":
        try:
            begun = attempts.start_attempt(
                trainee=trainee, module=module, key=key_in(request.POST), at=now
            )
        except Refused as refusal:
            return _rules_page(request, standing(trainee.pk, module, now), refusal, REFUSED)
        return _resume(begun)
    where = standing(trainee.pk, module, now)
    if where.open_attempt:
        return _resume(where.open_attempt)
    try:
        attempts.refuse_attempt(trainee, where)
    except Refused as refusal:
        return _rules_page(request, where, refusal)
    return _rules_page(request, where)


@never_cache
@login_required
@require_safe
def attempt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Show every question of an attempt, and where it was handed in, its result."""
    own = _own_attempt(request, attempt_id)
    if hasattr(own, "submission"):
        return _result_page(request, own)
    return _overview_page(request, own)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_question(request: HttpRequest, attempt_id: UUID, position: int) -> HttpResponse:
    """Show one question; POST saves the answer and goes on."""
    if request.method == "POST":
        return _save(request, attempt_id, position)
    own = _own_attempt(request, attempt_id)
    _require_position(own, position)
    if hasattr(own, "submission") or own.is_out_of_time(timezone.now()):
        return redirect("attempt", attempt_id)
    return _question_page(request, own, position)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_submit(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Hand in. GET, as after signing in again, shows what there is to hand in."""
    if request.method != "POST":
        return redirect("attempt", attempt_id)
    own, now = _own_attempt(request, attempt_id), timezone.now()
    if not hasattr(own, "submission") and not own.is_out_of_time(now):
        form = HandInForm(
            presenting.unanswered(own, attempts.latest_answers(own)), data=request.POST
        )
        if not form.is_valid():
            return _overview_page(request, own, form)
    attempts.submit_attempt(
        trainee=_trainee(request), attempt_id=attempt_id, key=key_in(request.POST), at=now
    )
    return redirect("attempt", attempt_id)


def _save(request: HttpRequest, attempt_id: UUID, position: int) -> HttpResponse:
    in_background = "application/json" in request.headers.get("Accept", "")
    try:
        answer = attempts.save_answer(
            trainee=_trainee(request),
            attempt_id=attempt_id,
            position=position,
            key=key_in(request.POST),
            response=response_in(request.POST),
            at=timezone.now(),
        )
    except AttemptNotFound as refusal:
        raise Http404 from refusal
    except AttemptClosed as refusal:
        if in_background:
            return JsonResponse({"error": str(refusal)}, status=REFUSED)
        context = {"refusal": refusal, "attempt_id": attempt_id}
        return render(request, f"{FOLDER}/ended.html", context, status=REFUSED)
    except ResponseNotUnderstood as refusal:
        own = _own_attempt(request, attempt_id)
        _require_position(own, position)
        if in_background:
            return JsonResponse({"error": str(refusal)}, status=NOT_UNDERSTOOD)
        return _question_page(request, own, position, refusal)
    if in_background:
        return HttpResponse(status=204)
    if position == len(answer.attempt.paper) or request.POST.get("then") == "overview":
        return redirect("attempt", attempt_id)
    return redirect("attempt_question", attempt_id, position + 1)


def _resume(own: Attempt) -> HttpResponse:
    """To the first question without an answer; to the overview where there is none left."""
    if hasattr(own, "submission") or own.is_out_of_time(timezone.now()):
        return redirect("attempt", own.pk)
    left = presenting.unanswered(own, attempts.latest_answers(own))
    return redirect("attempt_question", own.pk, left[0]) if left else redirect("attempt", own.pk)


def _rules_page(
    request: HttpRequest, where: Standing, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "module": where.module,
        "where": where,
        "refusal": refusal,
        "may_start_again": bool(
            where.cooling_off_until and where.at >= where.cooling_off_until and where.is_open
        ),
        "rules": presenting.rules_of(where.module),
        "key": uuid4(),
    }
    return render(request, f"{FOLDER}/rules.html", context, status=status)


def _question_page(
    request: HttpRequest,
    own: Attempt,
    position: int,
    refusal: ResponseNotUnderstood | None = None,
) -> HttpResponse:
    answers = attempts.latest_answers(own)
    question = shown(own.paper[position - 1])
    if refusal:
        form = QuestionForm(question, typed_in(request.POST, question))
        form.refuse(str(refusal))
    else:
        form = QuestionForm(question, typed_for(answers.get(position)))
    context = {
        **_about(own),
        "form": form,
        "position": position,
        "previous": position - 1,
        "next": position + 1 if position < len(own.paper) else None,
        "rows": presenting.overview(own, answers),
        "is_answered": position in answers,
        "key": uuid4(),
    }
    status = NOT_UNDERSTOOD if refusal else 200
    return render(request, f"{FOLDER}/question.html", context, status=status)


def _overview_page(
    request: HttpRequest, own: Attempt, form: HandInForm | None = None
) -> HttpResponse:
    answers = attempts.latest_answers(own)
    context = {
        **_about(own),
        "rows": presenting.overview(own, answers),
        "answered": len(answers),
        "is_out_of_time": own.is_out_of_time(timezone.now()),
        "form": form or HandInForm(presenting.unanswered(own, answers)),
        "key": uuid4(),
    }
    status = NOT_UNDERSTOOD if form else 200
    return render(request, f"{FOLDER}/overview.html", context, status=status)


def _result_page(request: HttpRequest, own: Attempt) -> HttpResponse:
    module = ModulePage.objects.live().filter(translation_key=own.enrolment.module_key).first()
    where = standing(_trainee(request).pk, module, timezone.now()) if module else None
    is_latest = where is not None and where.is_open and where.enrolment == own.enrolment
    context = {
        **_about(own),
        "submission": own.submission,
        "needed": presenting.needed_for(own.submission),
        "rows": presenting.marked(own.submission),
        "outcomes": presenting.outcomes_to_read_again(own.submission),
        "module": module,
        "where": where if is_latest else None,
        "certificate": _certificate(own),
    }
    return render(request, f"{FOLDER}/result.html", context)


def _about(own: Attempt) -> dict[str, Any]:
    """What every page of an attempt shows of it."""
    return {
        "attempt": own,
        "title": own.edition.title,
        "total": len(own.paper),
        "seconds_left": presenting.seconds_left(own, timezone.now()),
    }


def _certificate(own: Attempt) -> Any:
    completion = getattr(own.submission, "completion", None)
    return getattr(completion, "certificate", None)


def _own_attempt(request: HttpRequest, attempt_id: UUID) -> Attempt:
    """The attempt of whoever asks; someone else's is not found. One query."""
    own = Attempt.objects.filter(pk=attempt_id, enrolment__trainee=_trainee(request))
    found: Attempt | None = own.select_related(
        "enrolment", "edition", "submission__completion__certificate"
    ).first()
    if found is None:
        raise Http404
    return found


def _require_position(own: Attempt, position: int) -> None:
    if not 1 <= position <= len(own.paper):
        raise Http404


def _module(request: HttpRequest, module_key: UUID) -> ModulePage:
    """The published module that this visitor may see, if it ends with an assessment."""
    module = visible_module(request, module_key)
    if module.completion_rule != CompletionRule.PASSED:
        raise Http404
    return module


def _trainee(request: HttpRequest) -> User:
    return cast(User, request.user)
