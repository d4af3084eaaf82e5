"""Makes one account for each role, all with one password that is made at the first run."""

from __future__ import annotations

import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group

from learning_hub.accounts.models import User
from learning_hub.home.demo.stages import Stage

# Role and the group that it belongs to; addresses are <role>@example.org.
GROUPS = {
    "trainee": "Trainees",
    "trainer": "Trainers",
    "editor": "Editors",
    "moderator": "Moderators",
    "admin": "Administrators",
}
# Tells the demo's own accounts from one that somebody made with the same address before.
SURNAME = "(demo)"
# Without letters and digits that look like others.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class GroupsMissing(Exception):
    """The groups that roles are made of are not in the database."""


def stage() -> Stage:
    """The stage that makes the accounts."""
    return Stage("people", "Accounts", _make_all)


def addresses() -> list[str]:
    """The e-mail addresses of the demo's people."""
    return [f"{role}@example.org" for role in GROUPS]


def password() -> str:
    """The demo's password: read from its file, or made now and set for its accounts.

    Whoever deletes the file asks for a new password.
    """
    file = Path(settings.VAR_DIR) / "demo-password.txt"
    if not file.exists():
        _keep(file, _new_password())
        for user in User.objects.filter(email__in=addresses(), last_name=SURNAME):
            user.set_password(file.read_text().strip())
            user.save(update_fields=["password"])
    return file.read_text().strip()


def _new_password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _keep(file: Path, text: str) -> None:
    """Write the file so that only its owner can ever read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text + "\n")


def _make_all() -> str:
    groups = {group.name: group for group in Group.objects.filter(name__in=GROUPS.values())}
    if missing := set(GROUPS.values()) - set(groups):
        raise GroupsMissing(f"No group {', '.join(sorted(missing))}: run `manage.py migrate`.")
    made = [_make(role, groups[name]) for role, name in GROUPS.items()]
    return f"{sum(made)} made"


def _make(role: str, group: Group) -> bool:
    """Make the account of a role, unless somebody has its address already."""
    address = f"{role}@example.org"
    if User.objects.filter(email__iexact=address).exists():
        return False
    user = User.objects.create_user(
        address,
        password(),
        first_name=role.capitalize(),
        last_name=SURNAME,
        is_superuser=role == "admin",
        is_staff=role == "admin",
    )
    user.groups.set([group])
    # Verified, since no mail can reach these addresses.
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return True
