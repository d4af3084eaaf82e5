"""Leads an editor from a refused publication to the module's form, where there was none."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from syllabus.publishing import NotReadyToPublish


class RefusedPublicationMiddleware:
    """Answers a refusal in bulk publishing and in workflows, which would end in an error page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its message and the module's form; leave all else alone."""
        if not isinstance(exception, NotReadyToPublish) or not exception.module.pk:
            return None
        module = exception.module
        messages.error(request, f"“{module.title}” was not published. {exception.sentence}")
        address = reverse("wagtailadmin_pages:edit", args=[module.pk])
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return JsonResponse({"step": "success", "redirect": address})
        return redirect(address)
