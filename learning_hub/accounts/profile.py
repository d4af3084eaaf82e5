"""A person's profile: read with its defaults, saved whole, and its reminders stopped."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from learning_hub.accounts.models import TraineeProfile, User
from learning_hub.accounts.roles import TRAINEES


def profile_of(user: User) -> TraineeProfile:
    """The user's profile; one with the defaults, not saved, where there is none yet."""
    try:
        found: TraineeProfile = user.profile
    except TraineeProfile.DoesNotExist:
        found = TraineeProfile(user=user)
    return found


def is_new_trainee(user: User) -> bool:
    """Whether this trainee has told us nothing yet: neither a name nor a profile."""
    if user.get_full_name() or profile_of(user).pk is not None:
        return False
    return user.groups.filter(name=TRAINEES).exists()


@transaction.atomic
def save_profile(*, user: User, first_name: str, last_name: str, **facts: Any) -> TraineeProfile:
    """Save the name and the profile's `facts` (its fields); the first time makes the profile.

    Certificates keep the name that they were issued in.
    """
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])
    # Two first saves at once make one profile.
    saved, _ = TraineeProfile.objects.update_or_create(user=user, defaults=facts)
    return saved


def stop_reminders(*, user_id: int) -> None:
    """Send this person no more reminders. Stopping twice is stopping once."""
    TraineeProfile.objects.filter(user_id=user_id).update(reminders=TraineeProfile.Reminders.NEVER)
