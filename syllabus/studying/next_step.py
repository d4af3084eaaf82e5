"""Decides the one thing that somebody can do next with a module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from syllabus.models import CompletionRule, Prerequisite
from syllabus.standing import Standing, Status
from syllabus.studying.standing_lines import day, minute


@dataclass(frozen=True)
class NextStep:
    """What to do next: `label` is on the link or, where `is_change`, on the form's button.

    Without a label there is nothing to press, and `text` says why. `statement` is what pressing
    confirms.
    """

    text: str = ""
    label: str = ""
    address: str = ""
    is_change: bool = False
    statement: str = ""


NOT_HERE = NextStep(
    "This module is described here so that you can plan. You cannot take it on this site yet."
)


def step_of_visitor(address: str) -> NextStep:
    """The step of someone signed out, who comes back to `address`."""
    return NextStep(
        "You can read every lesson without an account. Sign in to keep a record of what you do.",
        "Sign in to keep a record",
        f"{reverse('account_login')}?{urlencode({'next': address})}",
    )


def next_step(
    where: Standing, unmet: Sequence[Prerequisite], request: HttpRequest | None = None
) -> NextStep:
    """The step of a trainee who stands at `where` and lacks the prerequisites `unmet`.

    With `request`, the addresses of many modules cost no more queries than that of one.
    """
    if not where.lessons:
        return NOT_HERE
    if where.is_open and where.attempts_left:
        return _go_on(where, unmet, request)
    if where.is_open and where.cooling_off_until and where.at < where.cooling_off_until:
        until = minute(where.cooling_off_until)
        return NextStep(f"You have used all your attempts. You can start again on {until}.")
    if not where.is_open and where.counts and not where.is_renewable:
        return _show_certificate(where)
    if unmet:
        return NextStep("Complete the modules listed under “Complete first”. Then you can start.")
    return _start(where)


def certificate_address(where: Standing) -> str:
    """Where the certificate of the latest completion is; empty where there is none."""
    certificate = getattr(where.completion, "certificate", None)
    return certificate.get_absolute_url() if certificate else ""


def _start(where: Standing) -> NextStep:
    address = reverse("module_start", args=[where.module.translation_key])
    if where.is_open:
        return NextStep("You have used all your attempts.", "Start again", address, True)
    if where.status == Status.REVOKED:
        text = "Your certificate was revoked, so this module no longer counts for you."
        return NextStep(text, "Start again", address, True)
    if where.completion is not None:
        text = "What you did before stays in your record."
        return NextStep(text, "Renew this module", address, True)
    return NextStep("", "Start this module", address, True)


def _go_on(where: Standing, unmet: Sequence[Prerequisite], request: HttpRequest | None) -> NextStep:
    if where.unread:
        lesson = where.unread[0]
        number = where.lessons.index(lesson) + 1
        address = lesson.get_url(request)
        return NextStep("", f"Continue with lesson {number}: {lesson.title}", address)
    key = where.module.translation_key
    if where.module.completion_rule == CompletionRule.VIEWED:
        # The lesson that was left to read has been withdrawn since.
        last = reverse("lesson_read", args=[where.lessons[-1].translation_key])
        return NextStep("You have read every lesson.", "Complete this module", last, True)
    if where.module.completion_rule == CompletionRule.ACKNOWLEDGED:
        address = reverse("module_acknowledge", args=[key])
        text = "You have read every lesson. Confirm this statement to complete the module."
        return NextStep(text, "Confirm", address, True, where.module.statement)
    return _assessment(where, unmet)


def _assessment(where: Standing, unmet: Sequence[Prerequisite]) -> NextStep:
    attempt = where.open_attempt
    if attempt is not None:
        address = reverse("attempt", args=[attempt.pk])
        if attempt.is_out_of_time(where.at):
            return NextStep("The time for your attempt is over.", "See your attempt", address)
        text = f"You have until {minute(attempt.closes_at)}." if attempt.closes_at else ""
        return NextStep(text, "Resume the assessment", address)
    if unmet:
        text = "Complete the modules listed under “Complete first”. Then you can be assessed."
        return NextStep(text)
    address = reverse("assessment", args=[where.module.translation_key])
    left = where.attempts_left
    text = f"You have read every lesson. You have {left} attempt{'' if left == 1 else 's'} left."
    return NextStep(text, "Take the assessment", address)


def _show_certificate(where: Standing) -> NextStep:
    text = "You have completed this module."
    if where.renewable_from:
        text = f"{text} You can renew it from {day(where.renewable_from)}."
    address = certificate_address(where)
    return NextStep(text, "See your certificate", address) if address else NextStep(text)
