"""How people sign up and sign in: what allauth leaves to the site."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django import forms
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from learning_hub.accounts.models import User
from learning_hub.accounts.profile import is_new_trainee
from learning_hub.accounts.roles import TRAINEES


class AccountAdapter(DefaultAccountAdapter):
    """Gives new people their role, and stops guessing with an answer that says so."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or the password is not right.",
    }

    @transaction.atomic
    def save_user(
        self, request: HttpRequest, user: User, form: forms.BaseForm, commit: bool = True
    ) -> User:
        """Save a person who signed up, as a trainee."""
        super().save_user(request, user, form, commit)
        if commit:
            user.groups.add(Group.objects.get(name=TRAINEES))
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where to go after signing in, unless the way there named a page.

        A new trainee tells us her name first: without it there is no certificate.
        """
        if is_new_trainee(cast(User, request.user)):
            return reverse("profile")
        return str(super().get_login_redirect_url(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse with 429 where too many passwords were wrong; allauth's own refusal is a 200."""
        try:
            super().pre_authenticate(request, **credentials)
        except forms.ValidationError as refusal:
            raise ImmediateHttpResponse(respond_429(request)) from refusal
