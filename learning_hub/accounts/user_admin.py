"""People's accounts in the admin: nobody gets more rights there than she has herself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.users.views.users import CreateView, EditView, UserViewSet

from learning_hub.accounts.models import User

KEPT = "Records of {person} are kept for good, so the account stays. Make it inactive instead."


def _fit(form: forms.BaseForm, request: HttpRequest) -> forms.BaseForm:
    """Show what only a superuser may give, and let nobody else give it."""
    if "is_superuser" in form.fields:
        form.fields["is_superuser"].disabled = not request.user.is_superuser
    return form


class AddUserView(CreateView):
    """Adds an account."""

    def get_form(self, *args: Any, **kwargs: Any) -> forms.BaseForm:
        """The form that fits whoever is asking."""
        return _fit(super().get_form(*args, **kwargs), self.request)


class EditUserView(EditView):
    """Changes an account."""

    def get_form(self, *args: Any, **kwargs: Any) -> forms.BaseForm:
        """The form that fits whoever is asking."""
        return _fit(super().get_form(*args, **kwargs), self.request)


class HubUserViewSet(UserViewSet):
    """The admin of accounts."""

    add_view_class = AddUserView
    edit_view_class = EditUserView


def keep_superusers_to_themselves(request: HttpRequest, user: User) -> None:
    """Refuse to change a superuser's account: a new password would be a way to her rights."""
    if user.is_superuser and not request.user.is_superuser:
        raise PermissionDenied


def refuse_deletion(request: HttpRequest, user: User) -> HttpResponse | None:
    """Say what to do instead of deleting someone whose records are kept."""
    keep_superusers_to_themselves(request, user)
    return _answer(request, [user])


def refuse_bulk_action(
    request: HttpRequest, action_type: str, objects: Iterable[Model], action: object
) -> HttpResponse | None:
    """The same rules, for many accounts at once."""
    people = [each for each in objects if isinstance(each, User)]
    for person in people:
        keep_superusers_to_themselves(request, person)
    return _answer(request, people) if action_type == "delete" else None


def _answer(request: HttpRequest, people: list[User]) -> HttpResponse | None:
    for person in people:
        if _has_records(person):
            messages.error(request, KEPT.format(person=person))
            return redirect("wagtailusers_users:index")
    return None


def _has_records(person: User) -> bool:
    """Whether rows that refer to this person are protected."""
    try:
        Collector(using=DEFAULT_DB_ALIAS).collect([person])
    except ProtectedError:
        return True
    return False
