"""The account forms in plain words: labels that stay, no placeholders."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms

LABELS = {
    "login": "Email address",
    "email": "Email address",
    "password": "Password",
    "password1": "Password",
    "password2": "The same password again",
    "oldpassword": "The password you have now",
    "remember": "Keep me signed in on this device",
}
# What the validators of new passwords ask, in one line.
RULES_IN_A_LINE = "At least 10 characters. Not a common password, and not like your address."


class PlainWords(forms.BaseForm):
    """Says the same thing in the same words on every form."""

    labels: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name) or LABELS.get(name, field.label)
            if name == "password1":
                field.help_text = RULES_IN_A_LINE


class LoginForm(PlainWords, allauth_forms.LoginForm):
    """Signing in."""


class SignupForm(PlainWords, allauth_forms.SignupForm):
    """Creating an account."""


class ResetPasswordForm(PlainWords, allauth_forms.ResetPasswordForm):
    """Asking for a link to choose a new password."""


class ResetPasswordKeyForm(PlainWords, allauth_forms.ResetPasswordKeyForm):
    """Choosing a new password by a link."""

    labels = {"password1": "New password"}


class ChangePasswordForm(PlainWords, allauth_forms.ChangePasswordForm):
    """Choosing a new password while signed in."""

    labels = {"password1": "New password"}


class AddEmailForm(PlainWords, allauth_forms.AddEmailForm):
    """Changing the address."""

    labels = {"email": "New email address"}


class ReauthenticateForm(PlainWords, allauth_forms.ReauthenticateForm):
    """Giving the password once more."""
