"""Tells an editor in plain words when a study was not published, wherever in the admin it was."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from case_studies.publishing import NotReadyToPublish


class RefusedPublicationMiddleware:
    """Leads from a refusal to the form that can mend it.

    The editor's form names what is missing by itself; publishing in bulk and approving in a
    workflow have no form, and would end in an error page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its message and the study's form; leave all else alone."""
        if not isinstance(exception, NotReadyToPublish) or not exception.study.pk:
            return None
        study = exception.study
        messages.error(request, f"“{study.title}” was not published. {exception.sentence}")
        address = reverse("wagtailadmin_pages:edit", args=[study.pk])
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            # The admin's dialogues follow an address that they are given.
            return JsonResponse({"step": "success", "redirect": address})
        return redirect(address)
