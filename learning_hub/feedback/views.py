"""The page on which a visitor reports a problem, and the thanks."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from learning_hub.design_system.form_keys import key_in
from learning_hub.feedback.addresses import page_at, path_of_this_site, without_keys
from learning_hub.feedback.forms import ProblemForm
from learning_hub.feedback.reporting import report_problem

TOO_MANY = (
    "Many reports have come from your network within the last hour. "
    "What you wrote is still here: wait a while, then send it again."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Ask what is wrong with the page that `page` names, and keep the answer."""
    sent = request.POST if request.method == "POST" else None
    named = request.GET if sent is None else sent
    path = path_of_this_site(named.get("page", ""))
    page = page_at(request, path)
    form, status = ProblemForm(sent), 200
    if form.is_valid():
        if ratelimit.consume(request, action="report_problem"):
            _keep(request, form, path, page)
            return redirect(f"{reverse('problem_reported')}?{urlencode({'page': path})}")
        form.add_error(None, TOO_MANY)
        status = 429
    elif form.is_bound:
        status = 422
    context = {"form": form, "key": key_in(request.POST), "path": path, "about": page}
    return render(request, "feedback/report.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say what happens next, and lead back."""
    path = path_of_this_site(request.GET.get("page", ""))
    return render(request, "feedback/thanks.html", {"path": path})


def _keep(request: HttpRequest, form: ProblemForm, path: str, page: Page | None) -> None:
    given = form.cleaned_data
    report_problem(
        key=key_in(request.POST),
        path=path if page else without_keys(path),
        page=page,
        category=given["category"],
        text=given["text"],
        email=given["email"],
        at=timezone.now(),
    )
