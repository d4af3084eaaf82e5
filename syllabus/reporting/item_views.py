"""The pages of the item analysis, in the admin."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.auth import permission_required

from syllabus.models import Question
from syllabus.reporting.completion_report import module_titles
from syllabus.reporting.item_analysis import items, submission_counts
from syllabus.reporting.item_order import BANK, ORDERS, in_order
from syllabus.reporting.item_statistics import ENOUGH
from syllabus.reporting.trail import HOME

TITLE = "Item analysis"


@permission_required("syllabus.change_question")
@cache_control(private=True, no_store=True)
def modules(request: HttpRequest) -> HttpResponse:
    """The modules, with how many papers of each were handed in."""
    counts = submission_counts()
    rows = [
        {"title": title, "url": reverse("syllabus_items", args=[key]), "papers": counts.get(key, 0)}
        for key, title in module_titles().items()
    ]
    context = {
        "header_title": TITLE,
        "header_icon": "help",
        "breadcrumbs_items": [HOME, {"url": "", "label": TITLE}],
        "rows": rows,
    }
    return TemplateResponse(request, "syllabus/reporting/item_modules.html", context)


@permission_required("syllabus.change_question")
@cache_control(private=True, no_store=True)
def module_items(request: HttpRequest, module_key: UUID) -> HttpResponse:
    """The questions of one module; `?sort=` is one of ORDERS."""
    title = module_titles().get(module_key)
    if title is None:
        raise Http404
    asked = request.GET.get("sort", BANK)
    order = asked if asked in ORDERS else BANK
    finder = AdminURLFinder(request.user)
    context = {
        "header_title": f"{TITLE}: {title}",
        "header_icon": "help",
        "breadcrumbs_items": [
            HOME,
            {"url": reverse("syllabus_item_modules"), "label": TITLE},
            {"url": "", "label": title},
        ],
        "rows": [
            {"item": item, "edit_url": item.question and finder.get_edit_url(item.question)}
            for item in in_order(items(module_key), order)
        ],
        "orders": [
            {"label": label, "url": f"?sort={key}", "is_current": key == order}
            for key, label in ORDERS.items()
        ],
        "ignored": asked != order,
        "enough": ENOUGH,
    }
    return TemplateResponse(request, "syllabus/reporting/items.html", context)


@permission_required("syllabus.change_question")
def question_items(request: HttpRequest, key: UUID) -> HttpResponse:
    """Leads from a question to its line in the analysis of its module."""
    question = get_object_or_404(Question.objects.select_related("outcome__page"), key=key)
    if question.outcome is None:
        return redirect("syllabus_item_modules")
    module_key = question.outcome.page.translation_key
    return redirect(f"{reverse('syllabus_items', args=[module_key])}#q-{question.key}")
