"""People for tests: with a role, and an address that is confirmed."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from learning_hub.accounts.models import User

PASSWORD = "correct horse battery"


def make_person(email: str = "alice@example.org", *roles: str, confirmed: bool = True) -> User:
    """A person in the groups `roles`, who signs in with PASSWORD."""
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=confirmed, primary=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user
