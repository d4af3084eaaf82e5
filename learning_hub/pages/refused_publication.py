"""What happens where a page must not be published as it is: nobody meets an error page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


class NotReadyToPublish(ValidationError):
    """The page lacks something, or changes what it must not. `sentence` says what to do.

    `message_dict` says it field by field.
    """

    def __init__(self, page: Page, sentence: str, by_field: Mapping[str, str]) -> None:
        self.page = page
        self.sentence = sentence
        super().__init__({NON_FIELD_ERRORS: sentence, **by_field})


def may_go_live(revision: Revision, refusal: NotReadyToPublish | None) -> bool:
    """Whether `revision` goes live. Raises `refusal` where somebody is there to hear it.

    The scheduled run makes the revision a draft again, says so in its history, and goes on with
    the other pages rather than stopping at this one for ever.
    """
    if refusal is None:
        return True
    due_at = revision.approved_go_live_at
    if due_at is None or due_at > timezone.now():
        raise refusal
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    logger.error("“%s” was not published as scheduled. %s", refusal.page, refusal.sentence)
    log(instance=refusal.page, action="wagtail.schedule.cancel", revision=revision)
    return False


class RefusedPublicationMiddleware:
    """Leads from a refusal to the form that can mend it.

    The editor's form names what is wrong by itself; publishing in bulk and approving in a
    workflow have no form, and would end in an error page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal with its message and the page's form; leave all else alone."""
        if not isinstance(exception, NotReadyToPublish) or not exception.page.pk:
            return None
        page = exception.page
        messages.error(request, f"“{page.title}” was not published. {exception.sentence}")
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            # The admin's dialogues follow an address that they are given.
            return JsonResponse({"step": "success", "redirect": address})
        return redirect(address)
