"""Warns an editor who has published a module whose assessment cannot be drawn yet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from wagtail.models import Page

from syllabus.editing.publishing import thin_outcomes
from syllabus.models import CompletionRule, ModulePage


def warn_of_thin_outcomes(request: HttpRequest, page: Page) -> None:
    """Name the outcomes with too few questions.

    A warning and no refusal: questions can only be written for an outcome that is there.
    """
    module = page.specific
    if not isinstance(module, ModulePage) or module.completion_rule != CompletionRule.PASSED:
        return
    if module.lessons.exists() and (thin := thin_outcomes(module)):
        messages.warning(
            request,
            "Nobody can take the assessment yet, for lack of questions: "
            f"{'; '.join(thin)}. Add questions to the bank.",
        )
